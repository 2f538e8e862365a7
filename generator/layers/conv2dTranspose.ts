import { z } from 'zod';
import { multiply, read, sum } from '../equations/expression.ts';
import { activations } from './activations.ts';
import { grouped } from './convolution.ts';
import { imageShape } from './images.ts';
import { bias, glorotOrHe } from './initial.ts';
import { defineLayer } from './layer.ts';
import { activationOptions, flag, padding, positiveInteger, size, sizeFrom0 } from './options.ts';
import { stampAt, transposedShape } from './transposed.ts';

/**
 * z[s·i + d·p − cut, s·j + d·q − cut, o] += Σ W[p,q,o,c]·x[i,j,c], and b[o] everywhere: every input place stamps the
 * kernel onto the output. What falls outside is cut off. With groups, filter F·g + o reads the channels C·g + c.
 */
export const conv2dTranspose = defineLayer({
  hasParameters: true,
  options: z.strictObject({
    filters: positiveInteger,
    kernelSize: size,
    strides: size.default([1, 1]),
    padding: padding.default('valid'),
    outputPadding: sizeFrom0.optional(),
    dilationRate: size.default([1, 1]),
    groups: positiveInteger.default(1),
    useBias: flag.default(true),
    ...activationOptions,
  }),
  shape: ([input = []], o) => transposedShape(input, o),
  forward(layer, options) {
    const { x, shape } = layer;
    const [, , channels] = imageShape(x.shape);
    const { i, j, p, q, row, column } = stampAt(x.shape, options);
    const { c, from, filters, o, to } = grouped(channels, options);
    const taps = options.kernelSize[0] * options.kernelSize[1];
    const initial = glorotOrHe(taps * channels, taps * filters, options.activation);
    const W = layer.parameter('W', 'kernel', [...options.kernelSize, filters, channels], initial);
    const z = layer.tensor('z', shape);
    const places = layer.indices(shape);
    if (options.useBias) layer.assign(z, places, read(bias(layer, options.filters), places.slice(2)));
    layer.assign(z, [row, column, to], sum([c], multiply(read(W, [p, q, o, from]), read(x, [i, j, from]))));
    return activations[options.activation].apply(layer, z, options);
  },
});
