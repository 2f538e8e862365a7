import { z } from 'zod';
import { mean, read } from '../equations/expression.ts';
import { imageIndices, ofImage } from './images.ts';
import { defineLayer } from './layer.ts';

/** y[c] = Σ x[i,j,c] / (height·width). */
export const globalAveragePooling2d = defineLayer({
  options: z.strictObject({}),
  shape: ([input = []]) => ofImage(input, ([, , channels]) => [channels]),
  forward(layer) {
    const [i, j, c] = imageIndices(layer.x.shape);
    return layer.define('y', layer.shape, [c], mean([i, j], read(layer.x, [i, j, c])));
  },
});
