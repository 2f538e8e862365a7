import { z } from 'zod';
import { plus, times } from '../equations/affine.ts';
import { read } from '../equations/expression.ts';
import { present } from '../lists.ts';
import { defineLayer, Misfit } from './layer.ts';
import { axisNumbers, positiveInteger } from './options.ts';

/** y[i,j,c] = x[begin + stride·i, …]: a part of the input; a stride below 0 goes backwards. */
export const slice = defineLayer({
  options: z.strictObject({
    begin: axisNumbers.describe('The first place along each axis, from 0.'),
    size: z.array(positiveInteger).min(1).max(3).describe('How many places along each axis.'),
    strides: axisNumbers.optional().describe('From one place to the next, 1 where absent.'),
  }),
  shape([input = []], o) {
    for (const [option, { length }] of Object.entries({ ...o, strides: o.strides ?? o.size })) {
      if (length === input.length) continue;
      return new Misfit(option, `found ${length} numbers`, `expected one for each of ${input.length} axes`);
    }
    const outside = input.findIndex((size, axis) => {
      const [begin, stride] = [present(o.begin[axis]), o.strides?.[axis] ?? 1];
      const last = begin + stride * (present(o.size[axis]) - 1);
      return stride === 0 || Math.min(begin, last) < 0 || Math.max(begin, last) >= size;
    });
    if (outside < 0) return o.size;
    const found = `found places outside of the ${input[outside]} along axis ${outside + 1}, or a stride of 0`;
    return new Misfit('begin', found, 'expected a part of the input');
  },
  forward(layer, o) {
    const at = layer.indices(layer.shape);
    const from = at.map((place, axis) => plus(times(o.strides?.[axis] ?? 1, place), present(o.begin[axis])));
    return layer.define('y', layer.shape, at, read(layer.x, from));
  },
});
