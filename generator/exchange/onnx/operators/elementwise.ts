import { type Activation, orderOf, sameOrder } from '../../build/activation.ts';
import { activationOf, arrange, reshaped } from '../../build/arrange.ts';
import { ownLayer } from '../../build/fuse.ts';
import { elementCount } from '../../weights/tensors.ts';
import { broadcastDims, broadcastTo } from '../arrays.ts';
import { axisFrom, type Context, channelsLast, type Operator, sameShape, shortNumber } from '../context.ts';
import type { OnnxNode } from '../node.ts';
import type { Constant, Value } from '../value.ts';
import { takeBias } from './dense.ts';

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
    if (node.inputs[0]?.kind === 'constant') node.refuse('a division by the input', 'a division of it');
    return join(node, context, 'divide', (x, c) =>
      scale(
        context,
        x,
        c.map((value) => 1 / value),
      ),
    );
  },
  Neg: (node, context) => scale(context, node.activation(0), everywhere(node, filled(-1), node.activation(0))),
  Max: (node, context) => join(node, context, 'maximum', (x, c) => bound(node, context, x, c, 'minValue')),
  Min: (node, context) => join(node, context, 'minimum', (x, c) => bound(node, context, x, c, 'maxValue')),
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

/** x·x·…: a whole power is a product. */
function power(node: OnnxNode, { builder }: Context): Value {
  const x = node.activation(0);
  const powers = node.constant(1, 'exponent').values;
  const [count = 1] = powers;
  const isWhole = Number.isInteger(count) && count >= 1 && count <= 8 && powers.every((one) => one === count);
  if (!isWhole) node.refuse(`exponent ${powers.slice(0, 4).join(', ')}`, 'one whole exponent from 1 to 8');
  if (count === 1) return x;
  const factors = Array<string>(count).fill(x.layer);
  return activationOf(builder.add('multiply', factors), x.dims, x.order);
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
    if (builder.has('rescaling'))
      return sameShape(context, x, 'rescaling', { scale: 1, offset: shortNumber(spread.value) });
  }
  const bias = spread.kind === 'one' ? new Float64Array(x.shape.at(-1)!).fill(spread.value) : spread.values;
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
    if (builder.has('rescaling')) return sameShape(context, x, 'rescaling', { scale: shortNumber(spread.value) });
  }
  const gamma = spread.kind === 'one' ? new Float64Array(x.shape.at(-1)!).fill(spread.value) : spread.values;
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

/** max(x, c) or min(x, c) with one number for all. */
function bound(node: OnnxNode, context: Context, x: Activation, values: Float64Array, side: string): Activation {
  const spread = spreadOf(x, values);
  if (spread.kind !== 'one') node.refuse('bounds of several sizes', 'one bound for all');
  return sameShape(context, x, 'activation', {
    activation: 'clip',
    [side]: shortNumber((spread as { value: number }).value),
  });
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
  if (axes.length > 3) node.refuse(`${rank} axes that are joined`, 'at most 4');
  if (values.some((value) => value.dims.length !== rank))
    node.refuse('layers with different numbers of axes', 'the same');
  const names = values.map((value) => arrange(builder, value, axes).layer);
  return activationOf(builder.add(type, names), dims, orderOf(dims, axes));
}
