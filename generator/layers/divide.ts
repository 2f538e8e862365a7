import { divide as quotientOf } from '../equations/expression.ts';
import { mergeInOrder, shapeOfTwo } from './merges.ts';

/** y = the first input / the second, place by place. */
export const divide = mergeInOrder(quotientOf, shapeOfTwo);
