import { z } from 'zod';
import { call, subtract } from '../../equations/expression.ts';
import { elementwiseOptions, lossOfElements } from './elementwise.ts';

/** Σ|y − t|/n; the derivative of |0| is 0. */
export const meanAbsoluteError = lossOfElements(z.strictObject(elementwiseOptions), (y, t) =>
  call('abs', subtract(y, t)),
);
