import { z } from 'zod';
import { index, plus, times } from '../equations/affine.ts';
import { multiply, read, sum } from '../equations/expression.ts';
import { activations } from './activations.ts';
import { kernelWindow } from './convolution.ts';
import { imageShape, ofImage } from './images.ts';
import { glorotOrHe, withBias } from './initial.ts';
import { defineLayer, Misfit } from './layer.ts';
import { activationOptions, flag, padding, positiveInteger, size } from './options.ts';
import { windowAt, windowShape } from './windows.ts';

/** z[i,j,M·c + m] = b[M·c + m] + Σ W[p,q,c,m]·x[s·i + d·p − before, …, c]: every channel has M kernels of its own. */
export const depthwiseConv2d = defineLayer({
  hasParameters: true,
  options: z.strictObject({
    kernelSize: size,
    strides: size.default([1, 1]),
    padding: padding.default('valid'),
    dilationRate: size.default([1, 1]),
    depthMultiplier: positiveInteger.default(1),
    useBias: flag.default(true),
    ...activationOptions,
  }),
  shape: ([input = []], o) =>
    ofImage(input, (image) => {
      const out = windowShape(image, kernelWindow(o), 'kernelSize');
      return out instanceof Misfit ? out : [...out, image[2] * o.depthMultiplier];
    }),
  forward(layer, o) {
    const { x, shape } = layer;
    const { i, j, p, q, row, column } = windowAt(x.shape, shape, kernelWindow(o));
    const [, , channels] = imageShape(x.shape);
    const [c, m] = [index('c', channels), index('m', o.depthMultiplier)];
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
