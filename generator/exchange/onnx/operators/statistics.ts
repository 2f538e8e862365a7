import { type Activation, orderOf, plainOrder } from '../../build/activation.ts';
import { activationOf, arrange } from '../../build/arrange.ts';
import { elementCount } from '../../weights/tensors.ts';
import { axisFrom, type Context, type Operator, sameShape, shortNumber } from '../context.ts';
import type { OnnxNode } from '../node.ts';
import type { Value } from '../value.ts';

/** What can be said by a norm or a softmax, though no layer has it. */
export const statistics: Readonly<Record<string, Operator>> = {
  RMSNormalization: rootMeanSquare,
  ReduceLogSumExp: logSumExp,
  CumSum: runningSum,
};

/** [places, size] with the axes from one on as the last axis. */
function blocks({ builder }: Context, x: Activation, axis: number): Activation {
  const plain = x.dims.slice(1).map((_, n) => n + 1);
  return arrange(builder, x, plain, [1, elementCount(x.dims.slice(1, axis)), elementCount(x.dims.slice(axis))]);
}

/** The mean over the axes from one on: a number for each of the places before. */
export function meanOf(context: Context, x: Activation, axis: number): Activation {
  const size = elementCount(x.dims.slice(axis));
  const places = elementCount(x.dims.slice(1, axis));
  const from = blocks(context, x, axis);
  const kernel = new Float64Array(size).fill(1 / size);
  const options = { filters: 1, kernelSize: 1, useBias: false, trainable: false };
  const layer = context.builder.add('conv2d', [from.layer], options, { kernel });
  const dims = x.dims.map((one, n) => (n < axis ? one : 1));
  return activationOf({ ...layer, shape: [1, places, 1] }, dims, plainOrder(dims));
}

/**
 * 1/√(v + ε), v the variance over the axes from one on. A norm gives it of two numbers more: of x − μ, c and −c it is
 * c/√(n/(n+2)·(v + 2c²/n) + δ), which is c·√((n+2)/n)/√(v + ε) for 2c² = nε/2 and δ = nε/(2(n+2)).
 */
export function inverseDeviationOf(context: Context, x: Activation, axis: number, epsilon: number): Activation {
  const { builder } = context;
  const size = elementCount(x.dims.slice(axis));
  const from = blocks(context, x, axis);
  const mean = meanOf(context, { ...x, isShared: true }, axis);
  const centred = builder.add('subtract', [from.layer, mean.layer]);
  const places = centred.shape[1]!;
  const padded = builder.add(
    'zeroPadding2d',
    [builder.add('reshape', [centred.name], { shape: [places, size, 1] }).name],
    {
      padding: [
        [0, 0],
        [0, 2],
      ],
    },
  );
  const wide = builder.add('reshape', [padded.name], { shape: [1, places, size + 2] });
  const c = Math.sqrt((size * epsilon) / 4);
  const bias = new Float64Array(size + 2);
  bias.set([c, -c], size);
  const both = builder.add('biasAdd', [wide.name], { trainable: false }, { bias });
  const norm = builder.add(
    'layerNormalization',
    [both.name],
    { epsilon: (size * epsilon) / (2 * (size + 2)), trainable: false },
    { gamma: new Float64Array(size + 2).fill(1), beta: new Float64Array(size + 2) },
  );
  const one = builder.add('slice', [norm.name], { begin: [0, 0, size], size: [1, places, 1] });
  const dims = mean.dims;
  const value = activationOf(one, dims, plainOrder(dims));
  return sameShape(context, value, 'rescaling', { scale: Math.sqrt(size / (size + 2)) / c });
}

/** x/√(mean x² + ε): the norm of x and −x together, whose mean is 0 and whose variance is the mean of the squares. */
function rootMeanSquare(node: OnnxNode, context: Context): Value {
  const { builder } = context;
  const x = { ...node.activation(0), isShared: true };
  const axis = axisFrom(node.int('axis', -1), x.dims.length);
  if (axis < 1) node.refuse('a norm over the samples', 'one over axes of a sample');
  const scale = node.constant(1, 'scale');
  const from = blocks(context, x, axis);
  const [, places, size] = from.shape as [number, number, number];
  const minus = builder.add('rescaling', [from.layer], { scale: -1 });
  const both = builder.add('concatenate', [from.layer, minus.name]);
  const gamma = new Float64Array(2 * size).fill(1);
  const own = scale.values.length === 1 ? new Float64Array(size).fill(scale.values[0]!) : scale.values;
  if (own.length !== size) node.refuse(`a scale of ${own.length} numbers`, `${size}`);
  gamma.set(own);
  const options = { epsilon: shortNumber(node.float('epsilon', 1e-5)) };
  const norm = builder.add('layerNormalization', [both.name], options, { gamma, beta: new Float64Array(2 * size) });
  const half = builder.add('slice', [norm.name], { begin: [0, 0, 0], size: [1, places, size] });
  const axes = x.dims.slice(1).map((_, n) => n + 1);
  return activationOf(half, x.dims, orderOf(x.dims, axes));
}

/** log Σ exp x = x − logSoftmax x, at any place of the sum. */
function logSumExp(node: OnnxNode, context: Context): Value {
  const { builder } = context;
  const x = { ...node.activation(0), isShared: true };
  const rank = x.dims.length;
  const given = node.ints('axes') ?? node.optional(1, 'list of axes')?.values ?? [];
  if (given.length === 0 && node.int('noop_with_empty_axes', 0) === 1) return node.activation(0);
  const over = [...new Set(Array.from(given, (axis) => axisFrom(axis, rank)))].sort((a, b) => a - b);
  if (over.length === 0 || over[0]! < 1) node.refuse('a sum over samples', 'one over axes of a sample');
  const rest = x.dims.map((_, axis) => axis).filter((axis) => axis > 0 && !over.includes(axis));
  const count = (axes: readonly number[]) => elementCount(axes.map((axis) => x.dims[axis]!));
  const from = arrange(builder, x, [...rest, ...over], [1, count(rest), count(over)]);
  const logs = builder.add('activation', [from.layer], { activation: 'logSoftmax' });
  const first = [from.layer, logs.name].map((layer) =>
    builder.add('slice', [layer], { begin: [0, 0, 0], size: [1, count(rest), 1] }),
  );
  const layer = builder.add(
    'subtract',
    first.map(({ name }) => name),
  );
  const keeps = node.int('keepdims', 1) === 1;
  const dims = x.dims.flatMap((size, axis) => (over.includes(axis) ? (keeps ? [1] : []) : [size]));
  return activationOf(layer, dims, plainOrder(dims));
}

/** Sums up to each place of an axis: a triangle of ones along it. */
function runningSum(node: OnnxNode, { builder }: Context): Value {
  const x = node.activation(0);
  const axis = axisFrom(node.constant(1, 'axis').values[0] ?? 0, x.dims.length);
  if (axis < 1 || axis >= x.dims.length) node.refuse('a sum along the samples', 'one along an axis of a sample');
  const others = x.dims.map((_, n) => n).filter((n) => n > 0 && n !== axis);
  const size = x.dims[axis]!;
  const from = arrange(builder, x, [...others, axis], [1, elementCount(others.map((n) => x.dims[n]!)), size]);
  const least = node.int('exclusive', 0) === 1 ? 1 : 0;
  const sign = node.int('reverse', 0) === 1 ? -1 : 1;
  const kernel = Float64Array.from({ length: size * size }, (_, n) => {
    return Number(sign * ((n % size) - Math.floor(n / size)) >= least);
  });
  const options = { filters: size, kernelSize: 1, useBias: false, trainable: false };
  const layer = builder.add('conv2d', [from.layer], options, { kernel });
  return activationOf(layer, x.dims, orderOf(x.dims, [...others, axis]));
}
