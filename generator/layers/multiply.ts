import { multiply as productOf } from '../equations/expression.ts';
import { mergeAtOnce } from './merges.ts';

/** y = the product of the inputs, place by place. */
export const multiply = mergeAtOnce(productOf);
