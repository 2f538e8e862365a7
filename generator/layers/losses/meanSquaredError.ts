import { z } from 'zod';
import { call, subtract } from '../../equations/expression.ts';
import { elementwiseOptions, misfitOfWeights, reduced } from './elementwise.ts';
import { defineLossKind } from './loss.ts';

/** Σ(y − t)²/n. */
export const meanSquaredError = defineLossKind({
  options: z.strictObject({ ...elementwiseOptions }),
  misfit: misfitOfWeights,
  of: (terms, o) => reduced(terms, o, (at) => call('square', subtract(terms.y(at), terms.t(at)))),
});
