import { add as sumOf } from '../equations/expression.ts';
import { mergeAtOnce } from './merges.ts';

/** y = the sum of the inputs, place by place. */
export const add = mergeAtOnce(sumOf);
