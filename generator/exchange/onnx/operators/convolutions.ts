import type { Options } from '../../build/specBuilder.ts';
import { transpose } from '../arrays.ts';
import { type Context, type Operator, placesOf, shortSize, withPlaces } from '../context.ts';
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

/** ConvTranspose: kernel [in, filters/groups, kh, kw] → [kh, kw, filters/groups, in]; pads are cut off the output. */
function convolveTransposed(node: OnnxNode, context: Context): Value {
  const { builder } = context;
  const x = withPlaces(node, context, node.activation(0));
  const kernel = node.constant(1, 'kernel');
  const bias = node.optional(2, 'bias');
  const groups = node.int('group', 1);
  const [channels, depth, ...sizes] = kernel.dims as [number, number, ...number[]];
  if (sizes.length !== 2) node.refuse('a transposed convolution along one axis', 'one over two axes');
  if (channels !== x.dims[1]) node.refuse(`a kernel for ${channels} channels`, `one for ${x.dims[1]}`);
  const strides = node.ints('strides') ?? [1, 1];
  const dilation = node.ints('dilations') ?? [1, 1];
  const rest = node.ints('output_padding') ?? [0, 0];
  const cut = cutsOf(node, x.dims.slice(2), { sizes, strides, dilation, rest });
  // What is added behind takes back what is cut off there, as far as it goes.
  const added = rest.map((more, axis) => Math.max(0, more - cut[axis]![1]!));
  const pairs = cut.map(([before, behind], axis) => [before, behind! - (rest[axis]! - added[axis]!)]);
  const isPlain = isZero(pairs) && sizes.every((size, axis) => (size - 1) * dilation[axis]! + 1 >= strides[axis]!);
  const options = {
    filters: depth * groups,
    kernelSize: shortSize(sizes),
    ...spatialOption('strides', strides),
    ...(isPlain && isZero([added]) ? {} : { padding: pairs }),
    ...(isZero([added]) ? {} : { outputPadding: shortSize(added) }),
    ...spatialOption('dilationRate', dilation),
    ...(groups === 1 ? {} : { groups }),
    ...(bias === undefined ? { useBias: false } : {}),
  };
  const own = transpose(kernel.values, kernel.dims, [2, 3, 1, 0]);
  const parameters = { kernel: own, ...(bias === undefined ? {} : { bias: bias.values }) };
  return placesOf(builder.add('conv2dTranspose', [x.layer], options, parameters), x.dims[0]!);
}

interface Stamp {
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
  readonly dilation: readonly number[];
  readonly rest: readonly number[];
}

/** What is cut off on each side: the pads, or what leads to `output_shape` or to input·stride (SAME). */
function cutsOf(node: OnnxNode, input: readonly number[], { sizes, strides, dilation, rest }: Stamp): number[][] {
  const auto = node.text('auto_pad', 'NOTSET');
  const wanted = node.ints('output_shape')?.slice(-2);
  if (wanted === undefined && (auto === 'NOTSET' || auto === 'VALID')) {
    const pads = (auto === 'VALID' ? undefined : node.ints('pads')) ?? [0, 0, 0, 0];
    if (pads.some((pad) => pad < 0)) node.refuse('negative pads', 'pads from 0');
    return [0, 1].map((axis) => [pads[axis]!, pads[axis + 2]!]);
  }
  return [0, 1].map((axis) => {
    const whole = (input[axis]! - 1) * strides[axis]! + (sizes[axis]! - 1) * dilation[axis]! + 1 + rest[axis]!;
    const total = Math.max(0, whole - (wanted?.[axis] ?? input[axis]! * strides[axis]!));
    const less = Math.floor(total / 2);
    return auto === 'SAME_UPPER' ? [less, total - less] : [total - less, less];
  });
}
