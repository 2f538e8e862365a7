import { z } from 'zod';
import { index } from '../equations/affine.ts';
import { multiply, read, sum } from '../equations/expression.ts';
import { activations } from './activations.ts';
import { glorotOrHe, withBias } from './initial.ts';
import { defineLayer, Misfit } from './layer.ts';
import { activationOptions, padding, positiveInteger, size } from './options.ts';
import { type WindowOptions, windowAt, windowShape } from './windows.ts';

const options = z.strictObject({
  filters: positiveInteger,
  kernelSize: size,
  strides: size.default([1, 1]),
  padding: padding.default('valid'),
  dilationRate: size.default([1, 1]),
  useBias: z.boolean().default(true),
  flipKernel: z.boolean().default(false),
  ...activationOptions,
});

const windowOf = (o: z.output<typeof options>): WindowOptions => ({
  size: o.kernelSize,
  strides: o.strides,
  padding: o.padding,
  dilation: o.dilationRate,
  flip: o.flipKernel,
});

/** z[i,j,o] = b[o] + Σ W[p,q,c,o]·x[s·i + d·p − before, …, c]: cross-correlation; with flipKernel, convolution. */
export const conv2d = defineLayer({
  options,
  shape([input], o) {
    const out = windowShape(input as number[], windowOf(o), 'kernelSize');
    return out instanceof Misfit ? out : [...out, o.filters];
  },
  forward(layer, o) {
    const { x, shape } = layer;
    const { i, j, p, q, row, column } = windowAt(x.shape, shape, windowOf(o));
    const channels = x.shape[2] as number;
    const c = index('c', channels);
    const to = index('o', o.filters);
    const taps = o.kernelSize[0] * o.kernelSize[1];
    const initial = glorotOrHe(taps * channels, taps * o.filters, o.activation);
    const W = layer.parameter('W', 'kernel', [...o.kernelSize, channels, o.filters], initial);
    const weighted = sum([p, q, c], multiply(read(W, [p, q, c, to]), read(x, [row, column, c])));
    const pre = layer.define('z', shape, [i, j, to], withBias(layer, o.useBias, o.filters, to, weighted));
    return activations[o.activation].apply(layer, pre, o.alpha);
  },
});
