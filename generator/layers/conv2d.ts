import { z } from 'zod';
import { index, plus, times } from '../equations/affine.ts';
import { multiply, read, sum } from '../equations/expression.ts';
import { activations } from './activations.ts';
import { glorotOrHe, withBias } from './initial.ts';
import { defineLayer, Misfit } from './layer.ts';
import { activationOptions, flag, padding, positiveInteger, size } from './options.ts';
import { type WindowOptions, windowAt, windowShape } from './windows.ts';

const options = z.strictObject({
  filters: positiveInteger,
  kernelSize: size,
  strides: size.default([1, 1]),
  padding: padding.default('valid'),
  dilationRate: size.default([1, 1]),
  groups: positiveInteger.default(1),
  useBias: flag.default(true),
  flipKernel: flag.default(false),
  ...activationOptions,
});

const windowOf = (o: z.output<typeof options>): WindowOptions => ({
  size: o.kernelSize,
  strides: o.strides,
  padding: o.padding,
  dilation: o.dilationRate,
  flip: o.flipKernel,
});

/**
 * z[i,j,o] = b[o] + Σ W[p,q,c,o]·x[s·i + d·p − before, …, c]: cross-correlation; with flipKernel, convolution. With
 * groups, filter F·g + o reads the channels C·g + c of its own group g only.
 */
export const conv2d = defineLayer({
  options,
  shape([input = []], o) {
    const out = windowShape(input, windowOf(o), 'kernelSize');
    return out instanceof Misfit ? out : (unevenGroups(input[2] as number, o) ?? [...out, o.filters]);
  },
  forward(layer, o) {
    const { x, shape } = layer;
    const { i, j, p, q, row, column } = windowAt(x.shape, shape, windowOf(o));
    const channels = (x.shape[2] as number) / o.groups;
    const filters = o.filters / o.groups;
    const g = index('g', o.groups);
    const c = index('c', channels);
    const from = plus(times(channels, g), c);
    const to = plus(times(filters, g), index('o', filters));
    const taps = o.kernelSize[0] * o.kernelSize[1];
    const initial = glorotOrHe(taps * channels, taps * filters, o.activation);
    const W = layer.parameter('W', 'kernel', [...o.kernelSize, channels, o.filters], initial);
    const weighted = sum([p, q, c], multiply(read(W, [p, q, c, to]), read(x, [row, column, from])));
    const pre = layer.define('z', shape, [i, j, to], withBias(layer, o.useBias, o.filters, to, weighted));
    return activations[o.activation].apply(layer, pre, o);
  },
});

function unevenGroups(channels: number, { groups, filters }: z.output<typeof options>): Misfit | undefined {
  if (channels % groups === 0 && filters % groups === 0) return undefined;
  return new Misfit(
    'groups',
    `found ${groups} groups for ${channels} input channels and ${filters} filters`,
    'expected a number that divides both',
  );
}
