import { z } from 'zod';
import { call, subtract } from '../../equations/expression.ts';
import { elementwiseOptions, lossOfElements } from './elementwise.ts';

/** Σ(y − t)²/n. */
export const meanSquaredError = lossOfElements(z.strictObject(elementwiseOptions), (y, t) =>
  call('square', subtract(y, t)),
);
