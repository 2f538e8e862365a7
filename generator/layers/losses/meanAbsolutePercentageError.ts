import { z } from 'zod';
import { call, divide, multiply, number, subtract } from '../../equations/expression.ts';
import { elementwiseOptions, misfitOfWeights, reduced } from './elementwise.ts';
import { defineLossKind } from './loss.ts';
import { atLeast, smallest } from './places.ts';

/** 100·Σ|y − t|/max(|t|, ε)/n (Keras); the derivative of |0| is 0. */
export const meanAbsolutePercentageError = defineLossKind({
  options: z.strictObject({ ...elementwiseOptions }),
  misfit: misfitOfWeights,
  of: (terms, o) =>
    multiply(
      number(100),
      reduced(terms, o, (at) => {
        const [y, t] = [terms.y(at), terms.t(at)];
        return divide(call('abs', subtract(y, t)), atLeast(smallest, call('abs', t)));
      }),
    ),
});
