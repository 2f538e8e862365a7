import { z } from 'zod';
import { add, call, multiply, number, subtract } from '../../equations/expression.ts';
import { elementwiseOptions, misfitOfWeights, reduced } from './elementwise.ts';
import { defineLossKind } from './loss.ts';

/** Σ log cosh(y − t)/n, with log cosh d = d + softplus(−2d) − log 2, which never overflows (Keras). */
export const logCosh = defineLossKind({
  options: z.strictObject({ ...elementwiseOptions }),
  misfit: misfitOfWeights,
  of: (terms, o) =>
    reduced(terms, o, (at) => {
      const d = subtract(terms.y(at), terms.t(at));
      return subtract(add(d, call('softplus', multiply(number(-2), d))), number(Math.LN2));
    }),
});
