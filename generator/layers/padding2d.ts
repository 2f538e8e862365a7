import { z } from 'zod';
import { index } from '../equations/affine.ts';
import { number, read } from '../equations/expression.ts';
import { misfitOfBorder, stripsOf } from './borders.ts';
import { imageShape, ofImage } from './images.ts';
import { defineLayer } from './layer.ts';
import { paddingPairs, realNumber } from './options.ts';

const mode = z
  .enum(['constant', 'reflect', 'symmetric', 'edge'], { error: 'expected constant, reflect, symmetric or edge' })
  .describe(
    'Around a b c: value, reflect (c b | a b c | b a), symmetric (b a | a b c | c b), edge (a a | a b c | c c).',
  );

/** A border around an image: a number, the image mirrored without or with its edge, or the edge repeated. */
export const padding2d = defineLayer({
  options: z.strictObject({ padding: paddingPairs, mode: mode.default('constant'), value: realNumber.default(0) }),
  shape: ([input = []], { padding: [rows, columns], mode }) =>
    ofImage(input, ([height, width, channels]) => {
      const misfit = misfitOfBorder(rows, height, mode) ?? misfitOfBorder(columns, width, mode);
      return misfit ?? [rows[0] + height + rows[1], columns[0] + width + columns[1], channels];
    }),
  forward(layer, o) {
    const [height, width, channels] = imageShape(layer.x.shape);
    const c = index('c', channels);
    const y = layer.tensor('y', layer.shape);
    for (const row of stripsOf('i', height, o.padding[0], o.mode)) {
      for (const column of stripsOf('j', width, o.padding[1], o.mode)) {
        const isImage = row.from !== undefined && column.from !== undefined;
        const value = isImage ? read(layer.x, [row.from, column.from, c]) : number(o.value);
        if (isImage || o.value !== 0) layer.assign(y, [row.to, column.to, c], value);
      }
    }
    return y;
  },
});
