import { z } from 'zod';
import { plus } from '../equations/affine.ts';
import { read } from '../equations/expression.ts';
import { imageIndices, ofImage } from './images.ts';
import { defineLayer } from './layer.ts';
import { paddingPairs } from './options.ts';

/** y[i + top, j + left, c] = x[i,j,c]; the border is 0. */
export const zeroPadding2d = defineLayer({
  options: z.strictObject({ padding: paddingPairs }),
  shape: ([input = []], { padding: [[top, bottom], [left, right]] }) =>
    ofImage(input, ([height, width, channels]) => [top + height + bottom, left + width + right, channels]),
  forward(layer, { padding: [[top], [left]] }) {
    const [i, j, c] = imageIndices(layer.x.shape);
    return layer.define('y', layer.shape, [plus(i, top), plus(j, left), c], read(layer.x, [i, j, c]));
  },
});
