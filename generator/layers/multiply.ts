import { z } from 'zod';
import { multiply as productOf } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { elementwiseMerge, sharedShape } from './merges.ts';

/** y = the product of the inputs, place by place. */
export const multiply = defineLayer({
  options: z.strictObject({}),
  arity: 'many',
  shape: sharedShape,
  forward: (layer) => elementwiseMerge(layer, productOf),
});
