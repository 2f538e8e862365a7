import { z } from 'zod';
import { call, type Expression, subtract } from '../../equations/expression.ts';
import { elementwiseOptions, lossOfElements } from './elementwise.ts';
import { atLeast, smallest } from './places.ts';

/** Σ(log(1 + max(y, ε)) − log(1 + max(t, ε)))²/n (Keras). */
export const meanSquaredLogarithmicError = lossOfElements(z.strictObject(elementwiseOptions), (y, t) => {
  const log = (u: Expression): Expression => call('log1p', atLeast(smallest, u));
  return call('square', subtract(log(y), log(t)));
});
