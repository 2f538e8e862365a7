import type { Activation } from '../../build/activation.ts';
import { plainOrder } from '../../build/activation.ts';
import { activationOf, arrange } from '../../build/arrange.ts';
import type { Options } from '../../build/specBuilder.ts';
import { axisFrom, type Context, type Operator, placesOf, sameShape, shortSize, withPlaces } from '../context.ts';
import type { OnnxNode } from '../node.ts';
import type { Value } from '../value.ts';
import { isZero, pairsOf, spatialOption } from '../windows.ts';

export const pools: Readonly<Record<string, Operator>> = {
  MaxPool: (node, context) => pool(node, context, 'maxPooling'),
  AveragePool: (node, context) => pool(node, context, 'averagePooling'),
  LpPool: (node, context) => pool(node, context, 'lpPooling', { order: node.int('p', 2) }),
  GlobalMaxPool: (node, context) => globalPool(node, context, 'globalMaxPooling', node.activation(0)),
  GlobalAveragePool: (node, context) => globalPool(node, context, 'globalAveragePooling', node.activation(0)),
  ReduceMean: (node, context) => reduce(node, context, 'globalAveragePooling'),
  ReduceSum: (node, context) => reduce(node, context, 'globalAveragePooling', { isSum: true }),
  ReduceMax: (node, context) => reduce(node, context, 'globalMaxPooling'),
  // min x = −max(−x).
  ReduceMin: (node, context) => negated(context, reduce(node, context, 'globalMaxPooling', { of: negated })),
  ReduceL1: (node, context) => reduce(node, context, 'globalAveragePooling', { of: absolute, isSum: true }),
  ReduceSumSquare: (node, context) => reduce(node, context, 'globalAveragePooling', { of: squared, isSum: true }),
};

function pool(node: OnnxNode, context: Context, kind: string, own: Options = {}): Value {
  const { builder } = context;
  const x = withPlaces(node, context, node.activation(0));
  const sizes = node.ints('kernel_shape') ?? node.refuse('no kernel_shape', 'the size of the window');
  if (sizes.length !== x.dims.length - 2) node.refuse(`a window [${sizes.join(', ')}]`, 'one that fits the input');
  const strides = node.ints('strides') ?? sizes.map(() => 1);
  const dilation = node.ints('dilations') ?? sizes.map(() => 1);
  const { pairs, isSame } = pairsOf(node, x.dims.slice(2), sizes, strides, dilation);
  const counts = kind === 'averagePooling' && node.int('count_include_pad', 0) === 1 && !isZero(pairs);
  const options: Options = {
    poolSize: shortSize(sizes),
    ...(strides.join() === sizes.join() ? {} : { strides: shortSize(strides) }),
    ...(isZero(pairs) ? {} : { padding: isSame ? 'same' : pairs.length === 1 ? pairs[0] : pairs }),
    ...spatialOption('dilationRate', dilation),
    ...(reachesBeyond(node, x.dims.slice(2), sizes, strides, dilation, pairs) ? { ceilMode: true } : {}),
    ...(counts ? { countIncludePad: true } : {}),
    ...own,
  };
  const type = `${kind}${sizes.length}d`;
  return placesOf(builder.add(type, [x.layer], options), x.dims[0]!);
}

/** Whether ceil_mode makes a difference. */
function reachesBeyond(
  node: OnnxNode,
  input: readonly number[],
  sizes: readonly number[],
  strides: readonly number[],
  dilation: readonly number[],
  pairs: readonly (readonly [number, number])[],
): boolean {
  if (node.int('ceil_mode', 0) !== 1) return false;
  return sizes.some((size, axis) => {
    const [before, behind] = pairs[axis]!;
    return (input[axis]! + before + behind - (size - 1) * dilation[axis]! - 1) % strides[axis]! !== 0;
  });
}

/** One number for each channel; ONNX keeps axes of 1 behind them. */
function globalPool(node: OnnxNode, context: Context, kind: string, value: Activation, keeps = true): Value {
  const x = withPlaces(node, context, value);
  const layer = context.builder.add(`${kind}${x.dims.length - 2}d`, [x.layer]);
  const dims = [...x.dims.slice(0, 2), ...(keeps ? x.dims.slice(2).map(() => 1) : [])];
  return activationOf(layer, dims, plainOrder(dims));
}

type Step = (context: Context, x: Activation) => Activation;

const negated: Step = (context, x) => sameShape(context, x, 'rescaling', { scale: -1 });
const absolute: Step = (context, x) => sameShape(context, x, 'activation', { activation: 'abs' });
const squared: Step = ({ builder }, x) => activationOf(builder.add('multiply', [x.layer, x.layer]), x.dims, x.order);

/** A mean or maximum over axes: over all places it is a global pool, whichever axes they are. */
function reduce(
  node: OnnxNode,
  context: Context,
  kind: string,
  { of, isSum = false }: { readonly of?: Step; readonly isSum?: boolean } = {},
): Activation {
  const whole = node.activation(0);
  const given = node.ints('axes') ?? node.optional(1, 'list of axes')?.values;
  if ((given?.length ?? 0) === 0 && node.int('noop_with_empty_axes', 0) === 1) return of?.(context, whole) ?? whole;
  const x = of?.(context, whole) ?? whole;
  const rank = x.dims.length;
  const axes = given === undefined ? [] : Array.from(given, (axis) => axisFrom(axis, rank));
  const keeps = node.int('keepdims', 1) === 1;
  const over = [...new Set(axes.filter((axis) => x.dims[axis] !== 1 || axis > 0))].sort((a, b) => a - b);
  const rest = x.dims.map((_, axis) => axis).filter((axis) => axis > 0 && !over.includes(axis));
  if (over.length === 0 || over[0] === 0) {
    node.refuse('a reduction over the batch or over everything', 'one over axes of a sample');
  }
  // The axes that stay become the channels, the others one axis of places.
  const kept = rest.reduce((product, axis) => product * x.dims[axis]!, 1);
  const places = over.reduce((product, axis) => product * x.dims[axis]!, 1);
  const isImage = rank === 4 && over.join() === '2,3';
  const from = arrange(
    context.builder,
    x,
    [...over, ...rest],
    isImage ? [x.dims[2]!, x.dims[3]!, kept] : [places, 1, kept],
  );
  const layer = context.builder.add(`${kind}2d`, [from.layer]);
  const dims = x.dims.flatMap((size, axis) => (over.includes(axis) ? (keeps ? [1] : []) : [size]));
  const value = activationOf(layer, dims, plainOrder(dims));
  return isSum ? sameShape(context, value, 'rescaling', { scale: places }) : value;
}
