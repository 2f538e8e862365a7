import { z } from 'zod';
import { add, call, multiply, number, subtract } from '../../equations/expression.ts';
import { positiveNumber } from '../options.ts';
import { elementwiseOptions, lossOfElements } from './elementwise.ts';

/** Σ(y − t·log(y + ε))/n, for counts. */
export const poisson = lossOfElements(
  z.strictObject({ ...elementwiseOptions, epsilon: positiveNumber.default(1e-7) }),
  (y, t, { epsilon }) => subtract(y, multiply(t, call('log', add(y, number(epsilon))))),
);
