import { compare, where } from '../equations/expression.ts';
import { mergeInOrder } from './merges.ts';

/** y = the largest of the inputs, place by place; of equal ones the first gets the gradient. */
export const maximum = mergeInOrder((a, b) => where(compare(b, '>', a), b, a));
