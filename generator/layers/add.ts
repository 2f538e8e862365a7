import { z } from 'zod';
import { add as sumOf } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { elementwiseMerge, sharedShape } from './merges.ts';

/** y = the sum of the inputs, place by place. */
export const add = defineLayer({
  options: z.strictObject({}),
  arity: 'many',
  shape: sharedShape,
  forward: (layer) => elementwiseMerge(layer, sumOf),
});
