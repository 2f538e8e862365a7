import { z } from 'zod';
import { add, multiply, number } from '../../equations/expression.ts';
import {
  classOptions,
  fromLogits,
  fromProbabilities,
  logProbability,
  misfitOfClasses,
  misfitOfSource,
  overClasses,
  perPlace,
  softmaxes,
} from './classes.ts';
import { defineLossKind } from './loss.ts';

const smoothing = 'expected a number from 0 to 1';

/** −Σ t·log y, computed from the softmax's argument; t are probabilities. */
export const categoricalCrossentropy = defineLossKind({
  options: z.strictObject({
    ...classOptions,
    fromLogits,
    fromProbabilities,
    labelSmoothing: z
      .number({ error: smoothing })
      .min(0, { error: smoothing })
      .max(1, { error: smoothing })
      .default(0)
      .describe('The part s of each target that is spread evenly: (1 − s)·t + s/classes.'),
  }),
  hasClasses: true,
  activations: softmaxes,
  misfit: (output, o) => misfitOfSource(o) ?? misfitOfClasses(output, o),
  of(terms, o) {
    const s = o.labelSmoothing;
    const spread = number(s / terms.classes);
    const t: typeof terms.t = (at) => (s === 0 ? terms.t(at) : add(multiply(number(1 - s), terms.t(at)), spread));
    const own = { ...terms, t };
    if (o.classWeights !== undefined || o.reduction === 'sum') return overClasses(own, o, logProbability(terms, o));
    return perPlace(terms, overClasses(own, { ...o, reduction: 'sum' }, logProbability(terms, o)));
  },
});
