import { type Activation, orderOf, sameOrder } from '../../build/activation.ts';
import { activationOf, arrange, reshaped } from '../../build/arrange.ts';
import { addBias, ownLayer } from '../../build/fuse.ts';
import { elementCount } from '../../weights/tensors.ts';
import { broadcastDims, broadcastTo } from '../arrays.ts';
import { axisFrom, type Context, channelsLast, type Operator, sameShape, shortNumber } from '../context.ts';
import type { OnnxNode } from '../node.ts';
import type { Constant, Value } from '../value.ts';

export const elementwise: Readonly<Record<string, Operator>> = {
  Add: (node, context) => join(node, context, 'add', (x, c) => shift(context, x, c)),
  Sub: (node, context) => {
    if (node.inputs[0]?.kind !== 'constant')
      return join(node, context, 'subtract', (x, c) => shift(context, x, negated(c)));
    const [c, x] = [node.inputs[0], node.activation(1)];
    return shift(context, scale(context, x, everywhere(node, filled(-1), x)), everywhere(node, c, x));
  },
  Mul: (node, context) => join(node, context, 'multiply', (x, c) => scale(context, x, c)),
  Div: (node, context) => {
    if (node.inputs[0]?.kind === 'constant') return quotient(node, context, node.inputs[0], node.activation(1));
    return join(node, context, 'divide', (x, c) =>
      scale(
        context,
        x,
        c.map((value) => 1 / value),
      ),
    );
  },
  Reciprocal: (node, context) => quotient(node, context, filled(1), node.activation(0)),
  Neg: (node, context) => scale(context, node.activation(0), everywhere(node, filled(-1), node.activation(0))),
  Max: (node, context) => join(node, context, 'maximum', (x, c) => bound(context, x, c, 'minValue')),
  Min: (node, context) => join(node, context, 'minimum', (x, c) => bound(context, x, c, 'maxValue')),
  Sum: (node, context) => join(node, context, 'add', (x, c) => shift(context, x, c)),
  Mean: mean,
  Pow: power,
};

function mean(node: OnnxNode, context: Context): Value {
  if (node.inputs.every((value) => value?.kind === 'activation')) {
    return join(node, context, 'average', (x) => x);
  }
  const sum = join(node, context, 'add', (x, c) => shift(context, x, c));
  return scale(context, sum, everywhere(node, filled(1 / node.inputs.length), sum));
}

/** c / x: c is a number for each place, which 0·x + c is. */
function quotient(node: OnnxNode, context: Context, c: Constant, x: Activation): Value {
  const shared = { ...x, isShared: true };
  const zero = scale(context, shared, everywhere(node, filled(0), x));
  const numerator = shift(context, zero, everywhere(node, c, x));
  return activationOf(context.builder.add('divide', [numerator.layer, x.layer]), x.dims, x.order);
}

/** x·x·…: a whole power is a product; where exponents differ, of factors that are 1 where a place has no more of them. */
function power(node: OnnxNode, context: Context): Value {
  const x = { ...node.activation(0), isShared: true };
  const powers = everywhere(node, node.constant(1, 'exponent'), x);
  const most = powers.reduce((a, b) => Math.max(a, b), 0);
  if (!powers.every((one) => Number.isInteger(one) && one >= 0) || most > 8) {
    node.refuse(`exponent ${powers.slice(0, 4).join(', ')}`, 'whole exponents from 0 to 8');
  }
  const factors = Array.from({ length: Math.max(1, most) }, (_, n) => {
    const has = powers.map((one) => Number(one > n));
    if (has.every((one) => one === 1)) return x;
    return shift(
      context,
      scale(context, x, has),
      has.map((one) => 1 - one),
    );
  });
  if (factors.length === 1) return factors[0]!;
  const names = factors.map(({ layer }) => layer);
  return activationOf(context.builder.add('multiply', names), x.dims, x.order);
}

function filled(value: number): Constant {
  return { kind: 'constant', dims: [], values: Float64Array.of(value), isInteger: false };
}

function negated(values: Float64Array): Float64Array {
  return values.map((value) => -value);
}

type WithConstant = (x: Activation, values: Float64Array) => Activation;

/** A binary operator: with a constant on one side, or a merge of two layers. */
function join(node: OnnxNode, context: Context, type: string, withConstant: WithConstant): Activation {
  const activations = node.inputs.flatMap((value) => (value?.kind === 'activation' ? [value] : []));
  const constants = node.inputs.flatMap((value) => (value?.kind === 'constant' ? [value] : []));
  let joined = activations.length === 1 ? activations[0]! : merge(node, context, type, activations);
  for (const one of constants) joined = withConstant(joined, everywhere(node, aligned(node, one, joined), joined));
  return joined;
}

/** Before opset 7 `axis` says where the axes of the second input begin; since, they are the last ones. */
function aligned(node: OnnxNode, one: Constant, { dims }: Activation): Constant {
  if (node.opset >= 7 || !node.has('axis')) return one;
  const axis = axisFrom(node.int('axis', 0), dims.length);
  const behind = Math.max(0, dims.length - axis - one.dims.length);
  return { ...one, dims: [...one.dims, ...Array<number>(behind).fill(1)] };
}

/** A constant's number for each number of a value, in the spec's order. */
export function everywhere(node: OnnxNode, { dims, values }: Constant, x: Activation): Float64Array {
  const joined = broadcastDims(dims, x.dims);
  const samples = dims[dims.length - x.dims.length] ?? 1;
  if (joined === undefined || elementCount(joined) !== elementCount(x.dims) || samples !== 1) {
    node.refuse(`a constant [${dims.join(', ')}] beside [${x.dims.join(', ')}]`, 'one that fits into a sample');
  }
  const inner = dims.slice(Math.max(0, dims.length - x.dims.length + 1));
  const sample = broadcastTo(values, inner, x.dims.slice(1));
  return Float64Array.from(x.order, (place) => sample[place]!);
}

/** A bias of a row for a layer that has none; whether it could be given. */
function takeBias({ builder }: Context, x: Activation, values: Float64Array): boolean {
  const channels = x.shape.at(-1)!;
  if (builder.layerOf(x.layer)?.shape.at(-1) !== channels) return false;
  return addBias(builder, x, values);
}

/** How far a constant has to be written out. */
type Spread =
  | { readonly kind: 'one'; readonly value: number }
  | { readonly kind: 'channels'; readonly values: Float64Array }
  | { readonly kind: 'places'; readonly values: Float64Array };

function spreadOf(x: Activation, values: Float64Array): Spread {
  if (values.every((value) => value === values[0])) return { kind: 'one', value: values[0]! };
  const channels = x.shape.at(-1)!;
  if (values.every((value, n) => value === values[n % channels])) {
    return { kind: 'channels', values: values.slice(0, channels) };
  }
  return { kind: 'places', values };
}

/** x + b: the bias of the layer before where it has none, a number for all, or a layer of its own. */
function shift(context: Context, x: Activation, values: Float64Array): Activation {
  const { builder } = context;
  const spread = spreadOf(x, values);
  if (spread.kind !== 'places') {
    const row = Float64Array.from({ length: x.shape.at(-1)! }, (_, n) => values[n]!);
    if (takeBias(context, x, row)) return x;
    const own = ownLayer(builder, x);
    if (own?.options.activation === undefined && isAll(own?.parameters.beta, 0)) {
      own!.parameters = { ...own!.parameters, beta: row };
      return x;
    }
  }
  if (spread.kind === 'one') {
    if (spread.value === 0) return x;
    const own = ownLayer(builder, x);
    if (own?.type === 'rescaling' && own.options.offset === undefined) {
      own.options = { ...own.options, offset: shortNumber(spread.value) };
      return x;
    }
    return sameShape(context, x, 'rescaling', { scale: 1, offset: shortNumber(spread.value) });
  }
  const bias = spread.values;
  const options = spread.kind === 'places' ? { perPlace: true } : {};
  return activationOf(builder.add('biasAdd', [x.layer], options, { bias }), x.dims, x.order);
}

/** A power of two, so that √(v + ε) is 1 to the last bit. */
const ownEpsilon = 2 ** -10;

function isAll(values: ArrayLike<number> | undefined, wanted: number): boolean {
  return values !== undefined && Array.from(values).every((value) => value === wanted);
}

/** a·x: a number for all, or a batch normalisation with γ = a, μ = 0 and v + ε = 1. */
export function scale(context: Context, x: Activation, values: Float64Array): Activation {
  const { builder } = context;
  const spread = spreadOf(x, values);
  const own = ownLayer(builder, x);
  if (spread.kind !== 'places' && isAll(own?.parameters.gamma, 1) && isAll(own?.parameters.beta, 0)) {
    own!.parameters = { ...own!.parameters, gamma: values.slice(0, x.shape.at(-1)!) };
    return x;
  }
  if (spread.kind === 'one') {
    if (spread.value === 1) return x;
    return sameShape(context, x, 'rescaling', { scale: shortNumber(spread.value) });
  }
  const gamma = spread.values;
  // A number for each place: of the vector of them all.
  const from = spread.kind === 'places' ? reshaped(builder, x.layer, [gamma.length]) : x.layer;
  const layer = builder.add(
    'batchNormalization',
    [from],
    { epsilon: ownEpsilon },
    {
      gamma,
      beta: new Float64Array(gamma.length),
      movingMean: new Float64Array(gamma.length),
      movingVariance: new Float64Array(gamma.length).fill(1 - ownEpsilon),
    },
  );
  const name = reshaped(builder, layer.name, x.shape);
  return activationOf({ name, shape: x.shape }, x.dims, x.order);
}

/** max(x, c) or min(x, c); with several numbers c + max(x − c, 0). */
function bound(context: Context, x: Activation, values: Float64Array, side: 'minValue' | 'maxValue'): Activation {
  const spread = spreadOf(x, values);
  const options = (value: number) => ({ activation: 'clip', [side]: value });
  if (spread.kind === 'one') return sameShape(context, x, 'activation', options(shortNumber(spread.value)));
  const less = shift(context, x, negated(values));
  return shift(context, sameShape(context, less, 'activation', options(0)), values);
}

/** Layers joined place by place; one that has an axis of 1 is repeated along it. */
function merge(node: OnnxNode, context: Context, type: string, values: readonly Activation[]): Activation {
  const { builder } = context;
  const dims = values.reduce<readonly number[] | undefined>(
    (all, { dims }) => (all === undefined ? undefined : broadcastDims(all, dims)),
    [],
  );
  if (values.length < 2 || dims === undefined) {
    return node.refuse(
      `shapes ${values.map((value) => `[${value.dims.join(', ')}]`).join(' and ')}`,
      'shapes that fit',
    );
  }
  const [first] = values as [Activation, ...Activation[]];
  const isSame = values.every(
    (value) => value.dims.join() === dims.join() && value.shape.join() === first.shape.join(),
  );
  if (isSame && values.every(({ order }) => sameOrder(order, first.order))) {
    const names = values.map(({ layer }) => layer);
    return activationOf(builder.add(type, names), dims, first.order);
  }
  const rank = dims.length;
  const axes = rank === 3 || rank === 4 ? channelsLast(rank) : dims.slice(1).map((_, n) => n + 1);
  if (axes.length > 3) return mergeVectors(node, context, type, values, dims);
  if (values.some((value) => value.dims.length !== rank))
    node.refuse('layers with different numbers of axes', 'the same');
  const names = values.map((value) => arrange(builder, value, axes).layer);
  return activationOf(builder.add(type, names), dims, orderOf(dims, axes));
}

/** Of more axes than a layer has: as vectors, if all have the same shape. */
function mergeVectors(
  node: OnnxNode,
  { builder }: Context,
  type: string,
  values: readonly Activation[],
  dims: readonly number[],
): Activation {
  if (values.some((value) => value.dims.join() !== dims.join())) node.refuse('shapes that differ', 'one shape');
  const axes = dims.slice(1).map((_, n) => n + 1);
  const names = values.map((value) => arrange(builder, value, axes, [elementCount(dims.slice(1))]).layer);
  return activationOf(builder.add(type, names), dims, orderOf(dims, axes));
}
