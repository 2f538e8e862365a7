import { subtract as differenceOf } from '../equations/expression.ts';
import { mergeInOrder, shapeOfTwo } from './merges.ts';

/** y = the first input − the second, place by place. */
export const subtract = mergeInOrder(differenceOf, shapeOfTwo);
