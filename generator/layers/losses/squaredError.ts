import { z } from 'zod';
import { call, multiply, number, subtract } from '../../equations/expression.ts';
import { elementwiseOptions, misfitOfWeights, reduced, reduction } from './elementwise.ts';
import { defineLossKind } from './loss.ts';

/** ½Σ(y − t)², so that ∂L/∂y = y − t. */
export const squaredError = defineLossKind({
  options: z.strictObject({
    ...elementwiseOptions,
    reduction: reduction.default('sum').describe("'sum' of all elements, or their 'mean'."),
  }),
  misfit: misfitOfWeights,
  of: (terms, o) =>
    multiply(
      number(0.5),
      reduced(terms, o, (at) => call('square', subtract(terms.y(at), terms.t(at)))),
    ),
});
