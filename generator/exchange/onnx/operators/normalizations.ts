import { type Activation, orderOf } from '../../build/activation.ts';
import { activationOf, arrange } from '../../build/arrange.ts';
import { foldScale } from '../../build/fuse.ts';
import type { Parameters } from '../../build/specBuilder.ts';
import { elementCount } from '../../weights/tensors.ts';
import { broadcastTo } from '../arrays.ts';
import { axisFrom, type Context, channelsLast, type Operator, shortNumber } from '../context.ts';
import type { OnnxNode } from '../node.ts';
import type { Constant, Value } from '../value.ts';
import { inverseDeviationOf, meanOf } from './statistics.ts';

export const normalizations: Readonly<Record<string, Operator>> = {
  BatchNormalization: batchNormalization,
  InstanceNormalization: instanceNormalization,
  // What the pieces of a layer normalisation were recognised as.
  LonghandStandardise: standardise,
  GroupNormalization: groupNormalization,
  LayerNormalization: layerNormalization,
  LRN: localResponse,
  LpNormalization: unitNormalization,
};

/** The value with its channels last, as an image or sequence, or as a vector in the order in which it lies. */
function withChannels({ builder }: Context, node: OnnxNode): Activation {
  const x = node.activation(0);
  const rank = x.dims.length;
  if (rank === 2) return x.shape.length === 1 ? x : arrange(builder, x, [1]);
  if (rank !== 3 && rank !== 4) node.refuse(`an input of ${rank} axes`, 'one of 2 to 4');
  return arrange(builder, x, channelsLast(rank));
}

/** Numbers for the channels in the spec's order. */
function own(x: Activation, { values }: Constant): Float64Array {
  const stride = elementCount(x.dims.slice(2));
  return Float64Array.from({ length: x.shape.at(-1)! }, (_, n) => values[Math.floor(x.order[n]! / stride)]!);
}

function batchNormalization(node: OnnxNode, context: Context): Value {
  if (node.int('training_mode', 0) === 1 || node.int('is_test', 1) === 0) {
    node.refuse('training_mode = 1', 'a model exported for inference: model.eval()');
  }
  if (node.int('spatial', 1) === 0) node.refuse('spatial = 0', 'statistics for each channel');
  const x = withChannels(context, node);
  const [gamma, beta, mean, variance] = ['scale', 'bias', 'mean', 'variance'].map((what, n) => {
    const given = node.constant(n + 1, what);
    if (given.values.length !== x.dims[1]) node.refuse(`${given.values.length} numbers of ${what}`, `${x.dims[1]}`);
    return own(x, given);
  }) as [Float64Array, Float64Array, Float64Array, Float64Array];
  const epsilon = node.float('epsilon', 1e-5);
  if (context.fold) {
    const scale = gamma.map((one, c) => one / Math.sqrt(variance[c]! + epsilon));
    const shift = beta.map((one, c) => one - mean[c]! * scale[c]!);
    if (foldScale(context.builder, x, scale, shift)) return x;
  }
  const parameters = { gamma, beta, movingMean: mean, movingVariance: variance };
  const options = { epsilon: shortNumber(epsilon) };
  return activationOf(context.builder.add('batchNormalization', [x.layer], options, parameters), x.dims, x.order);
}

function overPlaces(node: OnnxNode, context: Context, type: string, options: object): Value {
  const x = withChannels(context, node);
  const all = { ...options, epsilon: shortNumber(node.float('epsilon', 1e-5)) };
  const parameters = { gamma: own(x, node.constant(1, 'scale')), beta: own(x, node.constant(2, 'bias')) };
  return activationOf(context.builder.add(type, [x.layer], all, parameters), x.dims, x.order);
}

/** Exporters write a group normalisation as one of [n, groups, numbers]: it needs no permutation if groups are channels. */
function instanceNormalization(node: OnnxNode, context: Context): Value {
  const x = node.activation(0);
  const groups = x.dims[1]!;
  const channels = x.shape.at(-1)!;
  const size = elementCount(x.dims.slice(2));
  const run = channels / groups;
  const isGrouped =
    x.dims.length === 3 &&
    run > 1 &&
    Number.isInteger(run) &&
    x.order.every((place, n) => Math.floor(place / size) === Math.floor((n % channels) / run));
  if (!isGrouped) return overPlaces(node, context, 'instanceNormalization', {});
  const spread = (position: number): Float64Array => {
    const { values } = node.constant(position, 'scale');
    return Float64Array.from({ length: channels }, (_, c) => values[Math.floor(c / run)]!);
  };
  const options = { groups, epsilon: shortNumber(node.float('epsilon', 1e-5)) };
  const parameters = { gamma: spread(1), beta: spread(2) };
  return activationOf(context.builder.add('groupNormalization', [x.layer], options, parameters), x.dims, x.order);
}

/** Over the last axes; the scale and shift that follow become part of it. */
function standardise(node: OnnxNode, { builder }: Context): Value {
  const x = node.activation(0);
  const rank = x.dims.length;
  const axes = (node.ints('axes') ?? []).map((axis) => axisFrom(axis, rank)).sort((a, b) => a - b);
  const [first = rank] = axes;
  if (first < 1 || axes.length !== rank - first) node.refuse('a norm over other axes', 'one over the last axes');
  return standardised(builder, x, first, node.float('epsilon', 1e-5));
}

/** Up to opset 20 a scale for each group, from 21 on for each channel. */
function groupNormalization(node: OnnxNode, context: Context): Value {
  const groups = node.int('num_groups', 1);
  const channels = node.activation(0).dims[1]!;
  if (node.constant(1, 'scale').values.length === channels)
    return overPlaces(node, context, 'groupNormalization', { groups });
  const repeat = (position: number): Constant => {
    const given = node.constant(position, 'scale');
    return {
      ...given,
      values: Float64Array.from({ length: channels }, (_, c) => given.values[Math.floor((c * groups) / channels)]!),
    };
  };
  const x = withChannels(context, node);
  const parameters = { gamma: own(x, repeat(1)), beta: own(x, repeat(2)) };
  const options = { groups, epsilon: shortNumber(node.float('epsilon', 1e-5)) };
  return activationOf(context.builder.add('groupNormalization', [x.layer], options, parameters), x.dims, x.order);
}

/** Over the axes from `axis` on: over the last axis of the spec once they are one. */
function layerNormalization(node: OnnxNode, context: Context): Value | readonly (Value | undefined)[] {
  const { builder } = context;
  const hasStatistics = node.outputs.slice(1).some((name) => name !== '');
  const x = hasStatistics ? { ...node.activation(0), isShared: true } : node.activation(0);
  const axis = axisFrom(node.int('axis', -1), x.dims.length);
  if (axis < 1) node.refuse('a norm over the samples', 'one over axes of a sample');
  const size = elementCount(x.dims.slice(axis));
  const spread = (given: Constant | undefined, absent: number): Float64Array =>
    given === undefined
      ? new Float64Array(size).fill(absent)
      : broadcastTo(given.values, given.dims, x.dims.slice(axis));
  const parameters = { gamma: spread(node.constant(1, 'scale'), 1), beta: spread(node.optional(2, 'bias'), 0) };
  const epsilon = node.float('epsilon', 1e-5);
  const y = standardised(builder, x, axis, epsilon, parameters);
  if (!hasStatistics) return y;
  const [mean, deviation] = [1, 2].map((n) => (node.outputs[n] ?? '') !== '');
  return [
    y,
    mean ? meanOf(context, x, axis) : undefined,
    deviation ? inverseDeviationOf(context, x, axis, epsilon) : undefined,
  ];
}

/** A norm over the axes from one on, in the order of the other format. */
function standardised(
  builder: Context['builder'],
  x: Activation,
  axis: number,
  epsilon: number,
  given?: Parameters,
): Value {
  const size = elementCount(x.dims.slice(axis));
  const places = elementCount(x.dims.slice(1, axis));
  const axes = x.dims.slice(1).map((_, n) => n + 1);
  const from = arrange(builder, x, axes, places === 1 ? [size] : [1, places, size]);
  const parameters = given ?? { gamma: new Float64Array(size).fill(1), beta: new Float64Array(size) };
  const layer = builder.add('layerNormalization', [from.layer], { epsilon: shortNumber(epsilon) }, parameters);
  return activationOf(layer, x.dims, orderOf(x.dims, axes));
}

/** ONNX divides alpha by the size of the neighbourhood; the spec, like TensorFlow, does not. */
function localResponse(node: OnnxNode, context: Context): Value {
  const x = withChannels(context, node);
  const size = node.int('size', 1);
  if (size % 2 === 0 || size < 3) node.refuse(`size = ${size}`, 'an odd size from 3');
  const options = {
    depthRadius: (size - 1) / 2,
    bias: shortNumber(node.float('bias', 1)),
    alpha: node.float('alpha', 1e-4) / size,
    beta: shortNumber(node.float('beta', 0.75)),
  };
  return activationOf(context.builder.add('localResponseNormalization', [x.layer], options), x.dims, x.order);
}

/** Axes of places come first in the spec, channels last. */
function unitNormalization(node: OnnxNode, context: Context): Value {
  const x = withChannels(context, node);
  const axis = axisFrom(node.int('axis', -1), x.dims.length);
  if (axis === 0) node.refuse('a norm along the batch', 'one along an axis of a sample');
  const options = { axis: axis === 1 ? -1 : axis - 1, order: node.int('p', 2) };
  return activationOf(context.builder.add('unitNormalization', [x.layer], options), x.dims, x.order);
}
