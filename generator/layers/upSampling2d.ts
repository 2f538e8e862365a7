import { z } from 'zod';
import { index, plus, times } from '../equations/affine.ts';
import { read } from '../equations/expression.ts';
import { imageIndices, imageShape, ofImage } from './images.ts';
import { defineLayer } from './layer.ts';
import { size } from './options.ts';
import { misfitOfCubic, resize } from './resize.ts';
import { cubicOptions, interpolation } from './resizingOptions.ts';

/** y[s·i + p, s·j + q, c] = x[i,j,c] for p, q < s: every place becomes s × s equal ones, or means of its neighbours. */
export const upSampling2d = defineLayer({
  options: z.strictObject({
    size: size.default([2, 2]),
    interpolation: interpolation.default('nearest'),
    ...cubicOptions,
  }),
  shape: ([input = []], o) =>
    ofImage(
      input,
      ([height, width, channels]) => misfitOfCubic(o) ?? [height * o.size[0], width * o.size[1], channels],
    ),
  forward(layer, o) {
    const [height, width] = imageShape(layer.shape);
    if (o.interpolation !== 'nearest') return resize(layer, [height, width], { ...o, coordinates: 'halfPixel' });
    const [i, j, c] = imageIndices(layer.x.shape);
    const row = plus(times(o.size[0], i), index('p', o.size[0]));
    const column = plus(times(o.size[1], j), index('q', o.size[1]));
    return layer.define('y', layer.shape, [row, column, c], read(layer.x, [i, j, c]));
  },
});
