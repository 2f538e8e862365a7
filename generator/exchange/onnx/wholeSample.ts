import type { Activation } from '../build/activation.ts';
import { elementCount } from '../weights/tensors.ts';
import { axisFrom, type Context, type Operator } from './context.ts';
import type { OnnxNode } from './node.ts';
import { constant, type Value } from './value.ts';

/**
 * Operators know the first axis as that of the samples. Where the whole input is one sample, each value has an axis of 1
 * in front that the graph does not know of, and this is how an operator is run so: axes count one more, shapes and
 * permutations have a first entry more, and what works on samples, as a convolution, is run without the axis.
 */
type Lift = (node: OnnxNode, run: Run) => Results;

type Results = ReturnType<Operator>;
type Run = (node: OnnxNode) => Results;

/** Runs an operator on values that have an axis in front. */
export function overWhole(operator: Operator, node: OnnxNode, context: Context): Results {
  const lift = Object.hasOwn(lifts, node.op) ? lifts[node.op]! : overSamples;
  return lift(node, (lifted) => operator(lifted, context));
}

/** Place by place: only the numbers of axes must agree. */
const placewise: Lift = (node, run) => {
  const rank = Math.max(0, ...node.inputs.map((value) => (value?.kind === 'activation' ? value.dims.length : 0)));
  const inputs = node.inputs.map((value) => {
    if (value?.kind !== 'activation' || value.dims.length === rank) return value;
    const ones = Array<number>(rank - value.dims.length).fill(1);
    return { ...value, dims: [1, ...ones, ...value.dims.slice(1)] };
  });
  return run(node.with({}, inputs));
};

/** With an axis in an attribute, which counts from the front where it is not negative. */
function withAxis(absent: (opset: number) => number): Lift {
  return (node, run) => run(node.with({ axis: lifted(node.int('axis', absent(node.opset))) }));
}

function lifted(axis: number): number {
  return axis < 0 ? axis : axis + 1;
}

/** With a list of axes in an attribute, or in an input. */
function withAxes(position: number, absent: (node: OnnxNode) => readonly number[] | undefined): Lift {
  return (node, run) => {
    const given = node.ints('axes') ?? node.optional(position, 'list of axes')?.values;
    const own = given === undefined ? absent(node) : Array.from(given, lifted);
    return run(own === undefined ? node : withList(node, 'axes', position, own));
  };
}

/** A list where the node has it: in the attribute, or as an input. */
function withList(node: OnnxNode, name: string, position: number, values: readonly number[]): OnnxNode {
  if (node.has(name) || node.inputs.length <= position) return node.with({ [name]: values });
  return node.with({}, node.inputs.with(position, constant([values.length], values, true)));
}

function listOf(node: OnnxNode, name: string, position: number): readonly number[] {
  return node.ints(name) ?? Array.from(node.constant(position, name).values);
}

/** Without axes, a reduction is over all of them. */
const reduction: Lift = (node, run) => {
  const given = node.ints('axes') ?? node.optional(1, 'list of axes')?.values ?? [];
  const isNothing = given.length === 0 && node.int('noop_with_empty_axes', 0) === 1;
  const all = node
    .activation(0)
    .dims.slice(1)
    .map((_, n) => n + 1);
  return run(isNothing ? node : withList(node, 'axes', 1, given.length === 0 ? all : Array.from(given, lifted)));
};

/** Pads of all axes, those before and then those behind. */
const padding: Lift = (node, run) => {
  const axes = node.optional(3, 'list of axes')?.values;
  if (axes !== undefined) return run(withList(node, 'axes', 3, Array.from(axes, lifted)));
  const pads = listOf(node, 'pads', 1);
  const half = pads.length / 2;
  return run(withList(node, 'pads', 1, [0, ...pads.slice(0, half), 0, ...pads.slice(half)]));
};

/** With a shape, or a number for each axis, whose first entry is 1. */
function withShape(name: string): Lift {
  return (node, run) => run(withList(node, name, 1, [1, ...listOf(node, name, 1)]));
}

/** Expand may put axes in front. */
const expansion: Lift = (node, run) => {
  const shape = listOf(node, 'shape', 1);
  const x = node.activation(0);
  const more = Math.max(0, shape.length + 1 - x.dims.length);
  const ones = Array<number>(more).fill(1);
  const own = Array<number>(Math.max(0, x.dims.length - shape.length)).fill(1);
  const wide = { ...x, dims: [1, ...ones, ...x.dims.slice(1)] };
  const wanted = constant([shape.length + own.length], [...own, ...(own.length > 0 ? shape : [1, ...shape])], true);
  return run(node.with({}, [wide, wanted]));
};

const transposition: Lift = (node, run) => {
  const rank = node.activation(0).dims.length;
  const given = node.ints('perm') ?? Array.from({ length: rank - 1 }, (_, n) => rank - 2 - n);
  return run(node.with({ perm: [0, ...given.map((axis) => axis + 1)] }));
};

/** Two axes are left: those before the given one, and those from it on. */
const flattening: Lift = (node) => {
  const x = node.activation(0);
  const axis = axisFrom(node.int('axis', 1), x.dims.length - 1) + 1;
  return { ...x, dims: [1, elementCount(x.dims.slice(0, axis)), elementCount(x.dims.slice(axis))] };
};

/** As if the axis in front were not there: what works on samples has to have one sample. */
const overSamples: Lift = (node, run) => {
  const inputs = node.inputs.map((value) => (value?.kind === 'activation' ? bare(value) : value));
  const values = inputs.filter((value) => value?.kind === 'activation');
  const several = values.find(({ dims }) => dims[0] !== 1 || dims.length < 2);
  if (several !== undefined) {
    node.refuse(
      `${several.dims[0]} samples in a graph that mixes samples`,
      'one sample, or layers that do not mix them',
    );
  }
  return [run(node.with({}, inputs))].flat().map((value) => (value?.kind === 'activation' ? covered(value) : value));
};

/** Rows of one matrix are one sample each; of several samples it is the matrix that is multiplied. */
const product: Lift = (node, run) => {
  const [x] = node.inputs;
  const isRow = x?.kind === 'activation' && x.dims.length === 3 && x.dims[1] === 1 && node.int('transA', 0) === 0;
  return isRow ? overSamples(node, run) : run(node);
};

function bare(value: Activation): Activation {
  return { ...value, dims: value.dims.slice(1) };
}

function covered(value: Activation): Value {
  return { ...value, dims: [1, ...value.dims] };
}

const concatenation: Lift = (node, run) => {
  const inputs = node.inputs.map((value) =>
    value?.kind === 'constant' ? { ...value, dims: [1, ...value.dims] } : value,
  );
  return run(node.with({ axis: lifted(node.int('axis', 1)) }, inputs));
};

/** With an axis as an input. */
const axisInput: Lift = (node, run) => {
  const axis = lifted(node.constant(1, 'axis').values[0] ?? 0);
  return run(node.with({}, [node.inputs[0], constant([], [axis], true)]));
};

const sizes: Lift = (node, run) => run(node.with({}, [bare(node.activation(0))]));

const named = (lift: Lift, names: string): Readonly<Record<string, Lift>> =>
  Object.fromEntries(names.split(' ').map((name) => [name, lift]));

/** Every operator that does not work on samples one by one. */
const lifts: Readonly<Record<string, Lift>> = {
  ...named(placewise, 'Identity Dropout Cast CastLike LonghandActivation PRelu Selu Swish Clip Reciprocal'),
  ...named(placewise, 'Relu LeakyRelu Elu Celu Sigmoid Tanh Atan Softplus Softsign HardSigmoid HardSwish Mish Gelu'),
  ...named(placewise, 'Exp Erf Abs ThresholdedRelu Shrink Neg Add Sub Mul Div Max Min Sum Mean Pow'),
  ...named(reduction, 'ReduceMean ReduceSum ReduceMax ReduceMin ReduceL1 ReduceSumSquare ReduceLogSumExp'),
  ...named(
    withAxis((opset) => (opset < 13 ? 1 : -1)),
    'Softmax LogSoftmax',
  ),
  ...named(
    withAxis(() => 0),
    'Split Gather',
  ),
  ...named(
    withAxis(() => -1),
    'LayerNormalization RMSNormalization',
  ),
  ...named(
    withAxes(1, () => undefined),
    'Squeeze Unsqueeze LonghandStandardise',
  ),
  Slice: withAxes(3, (node) => listOf(node, 'starts', 1).map((_, n) => n + 1)),
  Concat: concatenation,
  CumSum: axisInput,
  Pad: padding,
  Reshape: withShape('shape'),
  Tile: withShape('repeats'),
  Expand: expansion,
  Transpose: transposition,
  Flatten: flattening,
  Gemm: product,
  MatMul: product,
  Shape: sizes,
  Size: sizes,
};
