import { z } from 'zod';
import { compare, where } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { mergeInOrder, sharedShape } from './merges.ts';

/** y = the smallest of the inputs, place by place; of equal ones the first gets the gradient. */
export const minimum = defineLayer({
  options: z.strictObject({}),
  arity: 'many',
  shape: sharedShape,
  forward: (layer) => mergeInOrder(layer, (a, b) => where(compare(b, '<', a), b, a)),
});
