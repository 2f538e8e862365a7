import { type Affine, index, plus, times } from '../equations/affine.ts';
import { multiply, read, sum } from '../equations/expression.ts';
import type { Tensor } from '../equations/tensor.ts';
import type { Padding, Shape, Size } from '../shape.ts';
import { activations } from './activations.ts';
import type { LayerBuilder } from './builder.ts';
import { imageShape, ofImage } from './images.ts';
import { glorotOrHe, withBias } from './initial.ts';
import { Misfit } from './layer.ts';
import type { ActivationName, ActivationNumbers } from './options.ts';
import { type WindowOptions, windowAt, windowShape } from './windows.ts';

interface KernelOptions {
  readonly kernelSize: Size;
  readonly strides: Size;
  readonly padding: Padding;
  readonly dilationRate: Size;
  readonly flipKernel?: boolean;
}

interface GroupOptions {
  readonly filters: number;
  readonly groups: number;
}

export interface ConvolutionOptions extends KernelOptions, GroupOptions, ActivationNumbers {
  readonly useBias: boolean;
  readonly activation: ActivationName;
}

/** A kernel as the window that it is. */
export const kernelWindow = (o: KernelOptions): WindowOptions => ({
  size: o.kernelSize,
  strides: o.strides,
  padding: o.padding,
  dilation: o.dilationRate,
  flip: o.flipKernel,
});

/** The output shape of a convolution over an image. */
export function convolutionShape(input: Shape, o: ConvolutionOptions): Shape | Misfit {
  return ofImage(input, (image) => {
    const out = windowShape(image, kernelWindow(o), 'kernelSize');
    return out instanceof Misfit ? out : (unevenGroups(image[2], o) ?? [...out, o.filters]);
  });
}

export function unevenGroups(channels: number, { groups, filters }: GroupOptions): Misfit | undefined {
  if (channels % groups === 0 && filters % groups === 0) return undefined;
  return new Misfit(
    'groups',
    `found ${groups} groups for ${channels} input channels and ${filters} filters`,
    'expected a number that divides both',
  );
}

/** The channels of one group: how many, c as one of them, `from` as its channel in the image. */
interface Grouped {
  readonly channels: number;
  readonly c: Affine;
  readonly from: Affine;
  /** The same of the filters: `to` is the output's channel. */
  readonly filters: number;
  readonly o: Affine;
  readonly to: Affine;
}

/** With groups, filter F·g + o reads the channels C·g + c of its own group g only. */
export function grouped(allChannels: number, options: GroupOptions): Grouped {
  const [channels, filters] = [allChannels / options.groups, options.filters / options.groups];
  const [g, c, o] = [index('g', options.groups), index('c', channels), index('o', filters)];
  return { channels, c, from: plus(times(channels, g), c), filters, o, to: plus(times(filters, g), o) };
}

/**
 * z[i,j,o] = b[o] + Σ W[p,q,c,o]·x[s·i + d·p − before, …, c]: cross-correlation; with flipKernel, convolution.
 *
 * @param axes how many axes the kernel has in public: 1 for that of a sequence
 */
export function convolve(layer: LayerBuilder, x: Tensor, out: Shape, o: ConvolutionOptions, axes: 1 | 2 = 2): Tensor {
  const { i, j, p, q, row, column } = windowAt(x.shape, out, kernelWindow(o));
  const { channels, c, from, filters, to } = grouped(imageShape(x.shape)[2], o);
  const taps = o.kernelSize[0] * o.kernelSize[1];
  const initial = glorotOrHe(taps * channels, taps * filters, o.activation);
  const kernel = [...o.kernelSize, channels, o.filters];
  const W = layer.parameter('W', 'kernel', kernel, initial, { shown: kernel.slice(2 - axes) });
  const weighted = sum([p, q, c], multiply(read(W, [p, q, c, to]), read(x, [row, column, from])));
  const pre = layer.define('z', out, [i, j, to], withBias(layer, o.useBias, o.filters, to, weighted));
  return activations[o.activation].apply(layer, pre, o);
}
