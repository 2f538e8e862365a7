import { z } from 'zod';
import { subtract as differenceOf } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { elementwiseMerge, shapeOfTwo } from './merges.ts';

/** y = the first input − the second, place by place. */
export const subtract = defineLayer({
  options: z.strictObject({}),
  arity: 'many',
  shape: shapeOfTwo,
  forward: (layer) => elementwiseMerge(layer, (a, b) => differenceOf(a!, b!)),
});
