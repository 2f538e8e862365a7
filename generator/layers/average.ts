import { z } from 'zod';
import { add, divide, number } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { elementwiseMerge, sharedShape } from './merges.ts';

/** y = the mean of the inputs, place by place. */
export const average = defineLayer({
  options: z.strictObject({}),
  arity: 'many',
  shape: sharedShape,
  forward: (layer) => elementwiseMerge(layer, (...values) => divide(add(...values), number(values.length))),
});
