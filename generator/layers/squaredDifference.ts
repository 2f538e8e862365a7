import { z } from 'zod';
import { call, subtract } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { elementwiseMerge, shapeOfTwo } from './merges.ts';

/** y = (the first input − the second)², place by place. */
export const squaredDifference = defineLayer({
  options: z.strictObject({}),
  arity: 'many',
  shape: shapeOfTwo,
  forward: (layer) => elementwiseMerge(layer, (a, b) => call('square', subtract(a!, b!))),
});
