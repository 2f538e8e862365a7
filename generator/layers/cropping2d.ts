import { z } from 'zod';
import { plus } from '../equations/affine.ts';
import { read } from '../equations/expression.ts';
import { imageIndices, ofImage } from './images.ts';
import { defineLayer, Misfit } from './layer.ts';
import { cropping } from './options.ts';

/** y[i,j,c] = x[i + top, j + left, c]: places are cut off on each side. */
export const cropping2d = defineLayer({
  options: z.strictObject({ cropping }),
  shape: ([input = []], { cropping: [[top, bottom], [left, right]] }) =>
    ofImage(input, ([height, width, channels]) => {
      const [rows, columns] = [height - top - bottom, width - left - right];
      if (rows >= 1 && columns >= 1) return [rows, columns, channels];
      const found = `found [[${top}, ${bottom}], [${left}, ${right}]] of an image of ${height}×${width}`;
      return new Misfit('cropping', found, 'expected something to be left');
    }),
  forward(layer, { cropping: [[top], [left]] }) {
    const [i, j, c] = imageIndices(layer.shape);
    return layer.define('y', layer.shape, [i, j, c], read(layer.x, [plus(i, top), plus(j, left), c]));
  },
});
