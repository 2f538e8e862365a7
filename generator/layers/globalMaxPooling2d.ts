import { z } from 'zod';
import { max, read } from '../equations/expression.ts';
import { imageIndices, ofImage } from './images.ts';
import { defineLayer } from './layer.ts';

/** y[c] = max x[i,j,c]; the first winner gets the gradient. */
export const globalMaxPooling2d = defineLayer({
  options: z.strictObject({}),
  shape: ([input = []]) => ofImage(input, ([, , channels]) => [channels]),
  forward(layer) {
    const [i, j, c] = imageIndices(layer.x.shape);
    return layer.define('y', layer.shape, [c], max([i, j], read(layer.x, [i, j, c])));
  },
});
