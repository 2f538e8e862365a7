import { z } from 'zod';
import { index, plus, times } from '../equations/affine.ts';
import { read } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { size } from './options.ts';
import { misfitOfCubic, resize } from './resize.ts';
import { cubicOptions, interpolation } from './resizingOptions.ts';
import { notAnImage } from './windows.ts';

/** y[s·i + p, s·j + q, c] = x[i,j,c] for p, q < s: every place becomes s × s equal ones, or means of its neighbours. */
export const upSampling2d = defineLayer({
  options: z.strictObject({
    size: size.default([2, 2]),
    interpolation: interpolation.default('nearest'),
    ...cubicOptions,
  }),
  shape([input = []], o) {
    const [height, width, channels] = input;
    if (height === undefined || width === undefined || channels === undefined) return notAnImage(input);
    return misfitOfCubic(o) ?? [height * o.size[0], width * o.size[1], channels];
  },
  forward(layer, o) {
    const [height, width] = layer.shape as [number, number, number];
    if (o.interpolation !== 'nearest') return resize(layer, [height, width], { ...o, coordinates: 'halfPixel' });
    const [i, j, c] = ['i', 'j', 'c'].map((letter, axis) => index(letter, layer.x.shape[axis] as number));
    const row = plus(times(o.size[0], i!), index('p', o.size[0]));
    const column = plus(times(o.size[1], j!), index('q', o.size[1]));
    return layer.define('y', layer.shape, [row, column, c!], read(layer.x, [i!, j!, c!]));
  },
});
