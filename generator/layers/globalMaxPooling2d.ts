import { z } from 'zod';
import { index } from '../equations/affine.ts';
import { max, read } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { notAnImage } from './windows.ts';

/** y[c] = max x[i,j,c]; the first winner gets the gradient. */
export const globalMaxPooling2d = defineLayer({
  options: z.strictObject({}),
  shape: ([input = []]) => (input.length === 3 ? [input[2] as number] : notAnImage(input)),
  forward(layer) {
    const [i, j, c] = ['i', 'j', 'c'].map((letter, axis) => index(letter, layer.x.shape[axis] as number));
    return layer.define('y', layer.shape, [c!], max([i!, j!], read(layer.x, [i!, j!, c!])));
  },
});
