import { z } from 'zod';
import { index, plus } from '../equations/affine.ts';
import { read } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { paddingPairs } from './options.ts';
import { notAnImage } from './windows.ts';

/** y[i + top, j + left, c] = x[i,j,c]; the border is 0. */
export const zeroPadding2d = defineLayer({
  options: z.strictObject({ padding: paddingPairs }),
  shape([input = []], { padding: [[top, bottom], [left, right]] }) {
    const [height, width, channels] = input;
    if (height === undefined || width === undefined || channels === undefined) return notAnImage(input);
    return [top + height + bottom, left + width + right, channels];
  },
  forward(layer, { padding: [[top], [left]] }) {
    const [i, j, c] = ['i', 'j', 'c'].map((letter, axis) => index(letter, layer.x.shape[axis] as number));
    return layer.define('y', layer.shape, [plus(i!, top), plus(j!, left), c!], read(layer.x, [i!, j!, c!]));
  },
});
