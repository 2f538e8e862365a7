import { orderOf } from '../../build/activation.ts';
import { activationOf, arrange, reshaped } from '../../build/arrange.ts';
import type { Options } from '../../build/specBuilder.ts';
import { transpose } from '../arrays.ts';
import { type Context, channelsLast, type Operator, placesOf, shortSize, withPlaces } from '../context.ts';
import type { OnnxNode } from '../node.ts';
import type { Value } from '../value.ts';
import { isZero, pairsOf, spatialOption } from '../windows.ts';

export const convolutions: Readonly<Record<string, Operator>> = { Conv: convolve, ConvTranspose: convolveTransposed };

/** Conv: kernel [filters, in/groups, …] → [… , in/groups, filters]. */
function convolve(node: OnnxNode, context: Context): Value {
  const x = withPlaces(node, context, node.activation(0));
  const kernel = node.constant(1, 'kernel');
  const bias = node.optional(2, 'bias');
  const groups = node.int('group', 1);
  const [filters, depth, ...sizes] = kernel.dims as [number, number, ...number[]];
  const channels = x.dims[1]!;
  if (sizes.length !== x.dims.length - 2 || depth * groups !== channels || filters % groups !== 0) {
    node.refuse(`a kernel [${kernel.dims.join(', ')}] with ${groups} groups for ${channels} channels`, 'one that fits');
  }
  const isDepthwise = groups > 1 && depth === 1 && sizes.length === 2;
  const shared = {
    kernelSize: shortSize(sizes),
    ...windowOptions(node, x.dims.slice(2), sizes),
    ...(bias === undefined ? { useBias: false } : {}),
  };
  const { values } = kernel;
  const parameters = { ...(bias === undefined ? {} : { bias: bias.values }) };
  if (isDepthwise) {
    const multiplier = filters / channels;
    const options = { ...shared, ...(multiplier === 1 ? {} : { depthMultiplier: multiplier }) };
    const own = transpose(values, [channels, multiplier, ...sizes], [2, 3, 0, 1]);
    return placesOf(
      context.builder.add('depthwiseConv2d', [x.layer], options, { kernel: own, ...parameters }),
      x.dims[0]!,
    );
  }
  const options = { filters, ...shared, ...(groups === 1 ? {} : { groups }) };
  const own = transpose(values, kernel.dims, [...sizes.map((_, n) => n + 2), 1, 0]);
  const type = sizes.length === 1 ? 'conv1d' : 'conv2d';
  return placesOf(context.builder.add(type, [x.layer], options, { kernel: own, ...parameters }), x.dims[0]!);
}

/** Strides, padding and dilation of a window, where they are not the defaults. */
function windowOptions(node: OnnxNode, input: readonly number[], sizes: readonly number[]): Options {
  const strides = node.ints('strides') ?? sizes.map(() => 1);
  const dilation = node.ints('dilations') ?? sizes.map(() => 1);
  return {
    ...spatialOption('strides', strides),
    ...paddingOption(node, input, sizes, strides, dilation),
    ...spatialOption('dilationRate', dilation),
  };
}

function paddingOption(
  node: OnnxNode,
  input: readonly number[],
  sizes: readonly number[],
  strides: readonly number[],
  dilation: readonly number[],
): Options {
  const { pairs, isSame } = pairsOf(node, input, sizes, strides, dilation);
  if (isZero(pairs)) return {};
  return { padding: isSame ? 'same' : pairs.length === 1 ? pairs[0] : pairs };
}

/**
 * ConvTranspose: kernel [in, filters/groups, kh, kw] → [kh, kw, filters/groups, in]; pads are cut off the output. A
 * sequence is an image one place wide.
 */
function convolveTransposed(node: OnnxNode, context: Context): Value {
  const { builder } = context;
  const x = node.activation(0);
  const rank = x.dims.length;
  const kernel = node.constant(1, 'kernel');
  const bias = node.optional(2, 'bias');
  const groups = node.int('group', 1);
  const [channels, depth] = kernel.dims as [number, number];
  if ((rank !== 3 && rank !== 4) || kernel.dims.length !== rank) {
    node.refuse(`a kernel [${kernel.dims.join(', ')}] for an input of ${rank} axes`, '1-D and 2-D convolutions');
  }
  if (channels !== x.dims[1]) node.refuse(`a kernel for ${channels} channels`, `one for ${x.dims[1]}`);
  const two = (sizes: readonly number[], more: number) => (sizes.length === 1 ? [sizes[0]!, more] : sizes);
  const places = two(x.dims.slice(2), 1);
  const stamp = {
    sizes: two(kernel.dims.slice(2), 1),
    strides: two(node.ints('strides') ?? places.slice(4 - rank).map(() => 1), 1),
    dilation: two(node.ints('dilations') ?? places.slice(4 - rank).map(() => 1), 1),
    rest: two(node.ints('output_padding') ?? places.slice(4 - rank).map(() => 0), 0),
  };
  const from = arrange(builder, x, channelsLast(rank), [...places, channels]);
  const options = {
    filters: depth * groups,
    ...stampOptions(node, places, stamp),
    ...(groups === 1 ? {} : { groups }),
    ...(bias === undefined ? { useBias: false } : {}),
  };
  const own = transpose(kernel.values, [channels, depth, ...stamp.sizes], [2, 3, 1, 0]);
  const parameters = { kernel: own, ...(bias === undefined ? {} : { bias: bias.values }) };
  const layer = builder.add('conv2dTranspose', [from.layer], options, parameters);
  if (rank === 4) return placesOf(layer, x.dims[0]!);
  const shape = [layer.shape[0]!, layer.shape[2]!];
  const dims = [x.dims[0]!, shape[1]!, shape[0]!];
  return activationOf({ name: reshaped(builder, layer.name, shape), shape }, dims, orderOf(dims, channelsLast(3)));
}

interface Stamp {
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
  readonly dilation: readonly number[];
  readonly rest: readonly number[];
}

function stampOptions(node: OnnxNode, input: readonly number[], stamp: Stamp): Options {
  const { sizes, strides, dilation, rest } = stamp;
  const cut = cutsOf(node, input, stamp);
  // What is added behind takes back what is cut off there, as far as it goes.
  const added = rest.map((more, axis) => Math.max(0, more - cut[axis]![1]!));
  const pairs = cut.map(([before, behind], axis) => [before!, Math.max(0, behind! - rest[axis]!)]);
  const isPlain = isZero(pairs) && sizes.every((size, axis) => (size - 1) * dilation[axis]! + 1 >= strides[axis]!);
  return {
    kernelSize: shortSize(sizes),
    ...spatialOption('strides', strides),
    ...(isPlain && isZero([added]) ? {} : { padding: pairs }),
    ...(isZero([added]) ? {} : { outputPadding: shortSize(added) }),
    ...spatialOption('dilationRate', dilation),
  };
}

/** What is cut off on each side: the pads, or what leads to `output_shape` or to input·stride (SAME). */
function cutsOf(node: OnnxNode, input: readonly number[], { sizes, strides, dilation, rest }: Stamp): number[][] {
  const auto = node.text('auto_pad', 'NOTSET');
  const pads = (auto === 'VALID' ? undefined : node.ints('pads')) ?? [0, 0, 0, 0];
  const own = pads.length / 2;
  const wanted = node.ints('output_shape')?.slice(-own);
  if (pads.some((pad) => pad < 0)) node.refuse('negative pads', 'pads from 0');
  return [0, 1].map((axis) => {
    const isGiven = wanted === undefined && (auto === 'NOTSET' || auto === 'VALID');
    if (isGiven) return axis < own ? [pads[axis]!, pads[axis + own]!] : [0, 0];
    const whole = (input[axis]! - 1) * strides[axis]! + (sizes[axis]! - 1) * dilation[axis]! + 1 + rest[axis]!;
    const total = whole - (wanted?.[axis] ?? input[axis]! * strides[axis]!);
    // Less than nothing is cut off where more is asked for: places are added behind.
    if (total < 0) return [0, total];
    const less = Math.floor(total / 2);
    return auto === 'SAME_UPPER' ? [less, total - less] : [total - less, less];
  });
}
