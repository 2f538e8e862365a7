import { z } from 'zod';
import { add, call, multiply, number, subtract } from '../../equations/expression.ts';
import { positiveNumber } from '../options.ts';
import { elementwiseOptions, misfitOfWeights, reduced } from './elementwise.ts';
import { defineLossKind } from './loss.ts';

/** Σ(y − t·log(y + ε))/n, for counts. */
export const poisson = defineLossKind({
  options: z.strictObject({ ...elementwiseOptions, epsilon: positiveNumber.default(1e-7) }),
  misfit: misfitOfWeights,
  of: (terms, o) =>
    reduced(terms, o, (at) => {
      const y = terms.y(at);
      return subtract(y, multiply(terms.t(at), call('log', add(y, number(o.epsilon)))));
    }),
});
