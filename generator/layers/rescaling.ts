import { z } from 'zod';
import { add, multiply, number, read } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { realNumber } from './options.ts';

/** y = scale·x + offset. */
export const rescaling = defineLayer({
  options: z.strictObject({
    scale: realNumber.describe('What every number is multiplied by.'),
    offset: realNumber.default(0).describe('What is added then.'),
  }),
  shape: ([input = []]) => input,
  forward(layer, o) {
    const at = layer.indices(layer.shape);
    const value = add(multiply(number(o.scale), read(layer.x, at)), number(o.offset));
    return layer.define('y', layer.shape, at, value);
  },
});
