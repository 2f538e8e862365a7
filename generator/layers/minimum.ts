import { compare, where } from '../equations/expression.ts';
import { mergeInOrder } from './merges.ts';

/** y = the smallest of the inputs, place by place; of equal ones the first gets the gradient. */
export const minimum = mergeInOrder((a, b) => where(compare(b, '<', a), b, a));
