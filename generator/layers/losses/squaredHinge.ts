import { z } from 'zod';
import { elementwiseOptions, misfitOfWeights, reduced } from './elementwise.ts';
import { hingeTerm, zeroOne } from './hinge.ts';
import { defineLossKind } from './loss.ts';

/** Σ max(1 − t·y, 0)²/n: `hinge` with its `squared`, under the name that Keras has for it. */
export const squaredHinge = defineLossKind({
  options: z.strictObject({ ...elementwiseOptions, zeroOne }),
  misfit: misfitOfWeights,
  of: (terms, o) => reduced(terms, o, hingeTerm(terms, { ...o, squared: true })),
});
