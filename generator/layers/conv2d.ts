import { z } from 'zod';
import { convolutionShape, convolve } from './convolution.ts';
import { defineLayer } from './layer.ts';
import { activationOptions, flag, padding, positiveInteger, size } from './options.ts';

/** z[i,j,o] = b[o] + Σ W[p,q,c,o]·x[s·i + d·p − before, …, c]: cross-correlation; with flipKernel, convolution. */
export const conv2d = defineLayer({
  hasParameters: true,
  options: z.strictObject({
    filters: positiveInteger,
    kernelSize: size,
    strides: size.default([1, 1]),
    padding: padding.default('valid'),
    dilationRate: size.default([1, 1]),
    groups: positiveInteger.default(1),
    useBias: flag.default(true),
    flipKernel: flag.default(false),
    ...activationOptions,
  }),
  shape: ([input = []], o) => convolutionShape(input, o),
  forward: (layer, o) => convolve(layer, layer.x, layer.shape, o),
});
