import { z } from 'zod';
import { call, subtract } from '../../equations/expression.ts';
import { elementwiseOptions, misfitOfWeights, reduced } from './elementwise.ts';
import { defineLossKind } from './loss.ts';

/** Σ|y − t|/n; the derivative of |0| is 0. */
export const meanAbsoluteError = defineLossKind({
  options: z.strictObject({ ...elementwiseOptions }),
  misfit: misfitOfWeights,
  of: (terms, o) => reduced(terms, o, (at) => call('abs', subtract(terms.y(at), terms.t(at)))),
});
