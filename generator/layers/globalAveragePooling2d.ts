import { z } from 'zod';
import { index } from '../equations/affine.ts';
import { mean, read } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { notAnImage } from './windows.ts';

/** y[c] = Σ x[i,j,c] / (height·width). */
export const globalAveragePooling2d = defineLayer({
  options: z.strictObject({}),
  shape: ([input = []]) => (input.length === 3 ? [input[2] as number] : notAnImage(input)),
  forward(layer) {
    const [i, j, c] = ['i', 'j', 'c'].map((letter, axis) => index(letter, layer.x.shape[axis] as number));
    return layer.define('y', layer.shape, [c!], mean([i!, j!], read(layer.x, [i!, j!, c!])));
  },
});
