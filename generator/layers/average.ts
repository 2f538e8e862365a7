import { add, divide, number } from '../equations/expression.ts';
import { mergeAtOnce } from './merges.ts';

/** y = the mean of the inputs, place by place. */
export const average = mergeAtOnce((...values) => divide(add(...values), number(values.length)));
