import { z } from 'zod';
import { index, plus, times } from '../equations/affine.ts';
import { multiply, read, sum } from '../equations/expression.ts';
import { activations } from './activations.ts';
import { glorotOrHe, withBias } from './initial.ts';
import { defineLayer, Misfit } from './layer.ts';
import { activationOptions, flag, padding, positiveInteger, size } from './options.ts';
import { type WindowOptions, windowAt, windowShape } from './windows.ts';

const options = z.strictObject({
  kernelSize: size,
  strides: size.default([1, 1]),
  padding: padding.default('valid'),
  dilationRate: size.default([1, 1]),
  depthMultiplier: positiveInteger.default(1),
  useBias: flag.default(true),
  ...activationOptions,
});

const windowOf = (o: z.output<typeof options>): WindowOptions => ({
  size: o.kernelSize,
  strides: o.strides,
  padding: o.padding,
  dilation: o.dilationRate,
});

/** z[i,j,M·c + m] = b[M·c + m] + Σ W[p,q,c,m]·x[s·i + d·p − before, …, c]: every channel has M kernels of its own. */
export const depthwiseConv2d = defineLayer({
  hasParameters: true,
  options,
  shape([input = []], o) {
    const out = windowShape(input, windowOf(o), 'kernelSize');
    return out instanceof Misfit ? out : [...out, (input[2] as number) * o.depthMultiplier];
  },
  forward(layer, o) {
    const { x, shape } = layer;
    const { i, j, p, q, row, column } = windowAt(x.shape, shape, windowOf(o));
    const channels = x.shape[2] as number;
    const c = index('c', channels);
    const m = index('m', o.depthMultiplier);
    const to = plus(times(o.depthMultiplier, c), m);
    const taps = o.kernelSize[0] * o.kernelSize[1];
    // Each output reads one channel; the fans as Keras counts them for this kernel's shape.
    const initial = glorotOrHe(taps * channels, taps * o.depthMultiplier, o.activation);
    const W = layer.parameter('W', 'kernel', [...o.kernelSize, channels, o.depthMultiplier], initial);
    const weighted = sum([p, q], multiply(read(W, [p, q, c, m]), read(x, [row, column, c])));
    const biased = withBias(layer, o.useBias, channels * o.depthMultiplier, to, weighted);
    return activations[o.activation].apply(layer, layer.define('z', shape, [i, j, to], biased), o);
  },
});
