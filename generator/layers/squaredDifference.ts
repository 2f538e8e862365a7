import { call, subtract } from '../equations/expression.ts';
import { mergeInOrder, shapeOfTwo } from './merges.ts';

/** y = (the first input − the second)², place by place. */
export const squaredDifference = mergeInOrder((a, b) => call('square', subtract(a, b)), shapeOfTwo);
