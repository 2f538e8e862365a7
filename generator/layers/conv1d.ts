import { z } from 'zod';
import { type ConvolutionOptions, convolutionShape, convolve } from './convolution.ts';
import { defineLayer } from './layer.ts';
import { alongRow, onRow, paddingOfRow, sequenceShape } from './oneAxis.ts';
import { activationOptions, flag, length, paddingAlong, positiveInteger } from './options.ts';

const options = z.strictObject({
  filters: positiveInteger,
  kernelSize: length,
  strides: length.default(1),
  padding: paddingAlong.default('valid'),
  dilationRate: length.default(1),
  groups: positiveInteger.default(1),
  useBias: flag.default(true),
  flipKernel: flag.default(false),
  ...activationOptions,
});

/** The convolution of an image of one row. */
const rowOf = (o: z.output<typeof options>): ConvolutionOptions => ({
  ...o,
  kernelSize: alongRow(o.kernelSize),
  strides: alongRow(o.strides),
  dilationRate: alongRow(o.dilationRate),
  padding: paddingOfRow(o.padding, (o.kernelSize - 1) * o.dilationRate + 1),
});

/** z[j,o] = b[o] + Σ W[q,c,o]·x[s·j + d·q − before, c]: a convolution along a sequence [n, channels]. */
export const conv1d = defineLayer({
  hasParameters: true,
  options,
  shape: ([input = []], o) => sequenceShape(input, (row) => convolutionShape(row, rowOf(o))),
  forward: (layer, o) => onRow(layer, (x, out) => convolve(layer, x, out, rowOf(o), 1)),
});
