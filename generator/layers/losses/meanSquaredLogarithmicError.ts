import { z } from 'zod';
import { call, subtract } from '../../equations/expression.ts';
import { elementwiseOptions, misfitOfWeights, reduced } from './elementwise.ts';
import { defineLossKind } from './loss.ts';
import { atLeast, smallest } from './places.ts';

/** Σ(log(1 + max(y, ε)) − log(1 + max(t, ε)))²/n (Keras). */
export const meanSquaredLogarithmicError = defineLossKind({
  options: z.strictObject({ ...elementwiseOptions }),
  misfit: misfitOfWeights,
  of: (terms, o) =>
    reduced(terms, o, (at) => {
      const [y, t] = [terms.y(at), terms.t(at)].map((u) => call('log1p', atLeast(smallest, u)));
      return call('square', subtract(y!, t!));
    }),
});
