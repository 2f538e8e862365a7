import { index, plus, times } from '../equations/affine.ts';
import { multiply, read, sum } from '../equations/expression.ts';
import type { Tensor } from '../equations/tensor.ts';
import type { Padding, Shape, Size } from '../shape.ts';
import { activations } from './activations.ts';
import type { LayerBuilder } from './builder.ts';
import { glorotOrHe, withBias } from './initial.ts';
import { Misfit } from './layer.ts';
import type { ActivationName, ActivationNumbers } from './options.ts';
import { type WindowOptions, windowAt, windowShape } from './windows.ts';

export interface ConvolutionOptions extends ActivationNumbers {
  readonly filters: number;
  readonly kernelSize: Size;
  readonly strides: Size;
  readonly padding: Padding;
  readonly dilationRate: Size;
  readonly groups: number;
  readonly useBias: boolean;
  readonly flipKernel: boolean;
  readonly activation: ActivationName;
}

const windowOf = (o: ConvolutionOptions): WindowOptions => ({
  size: o.kernelSize,
  strides: o.strides,
  padding: o.padding,
  dilation: o.dilationRate,
  flip: o.flipKernel,
});

/** The output shape of a convolution over an image. */
export function convolutionShape(input: Shape, o: ConvolutionOptions): Shape | Misfit {
  const out = windowShape(input, windowOf(o), 'kernelSize');
  return out instanceof Misfit ? out : (unevenGroups(input[2] as number, o) ?? [...out, o.filters]);
}

function unevenGroups(channels: number, { groups, filters }: ConvolutionOptions): Misfit | undefined {
  if (channels % groups === 0 && filters % groups === 0) return undefined;
  return new Misfit(
    'groups',
    `found ${groups} groups for ${channels} input channels and ${filters} filters`,
    'expected a number that divides both',
  );
}

/**
 * z[i,j,o] = b[o] + Σ W[p,q,c,o]·x[s·i + d·p − before, …, c]: cross-correlation; with flipKernel, convolution. With
 * groups, filter F·g + o reads the channels C·g + c of its own group g only.
 *
 * @param axes how many axes the kernel has in public: 1 for that of a sequence
 */
export function convolve(layer: LayerBuilder, x: Tensor, out: Shape, o: ConvolutionOptions, axes: 1 | 2 = 2): Tensor {
  const { i, j, p, q, row, column } = windowAt(x.shape, out, windowOf(o));
  const channels = (x.shape[2] as number) / o.groups;
  const filters = o.filters / o.groups;
  const g = index('g', o.groups);
  const c = index('c', channels);
  const from = plus(times(channels, g), c);
  const to = plus(times(filters, g), index('o', filters));
  const taps = o.kernelSize[0] * o.kernelSize[1];
  const initial = glorotOrHe(taps * channels, taps * filters, o.activation);
  const kernel = [...o.kernelSize, channels, o.filters];
  const W = layer.parameter('W', 'kernel', kernel, initial, { shown: kernel.slice(2 - axes) });
  const weighted = sum([p, q, c], multiply(read(W, [p, q, c, to]), read(x, [row, column, from])));
  const pre = layer.define('z', out, [i, j, to], withBias(layer, o.useBias, o.filters, to, weighted));
  return activations[o.activation].apply(layer, pre, o);
}
