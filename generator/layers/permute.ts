import { z } from 'zod';
import { read } from '../equations/expression.ts';
import { present } from '../lists.ts';
import { defineLayer, Misfit } from './layer.ts';
import { positiveInteger } from './options.ts';

/** The axes in another order: y's axis n is x's axis dims[n], counted from 1. */
export const permute = defineLayer({
  options: z.strictObject({ dims: z.array(positiveInteger).min(1).max(3).describe('Axes of the input, from 1.') }),
  shape([input = []], { dims }) {
    if (dims.toSorted().join() === input.map((_, axis) => axis + 1).join()) {
      return dims.map((axis) => present(input[axis - 1]));
    }
    const expected = `expected each of ${input.map((_, axis) => axis + 1).join(', ')} once`;
    return new Misfit('dims', `found [${dims.join(', ')}]`, expected);
  },
  forward(layer, { dims }) {
    const at = layer.indices(layer.shape);
    const from = dims.map((_, axis) => present(at[dims.indexOf(axis + 1)]));
    return layer.define('y', layer.shape, at, read(layer.x, from));
  },
});
