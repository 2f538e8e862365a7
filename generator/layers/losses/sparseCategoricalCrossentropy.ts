import { z } from 'zod';
import {
  classOptions,
  fromLogits,
  fromProbabilities,
  ignoreClass,
  logProbability,
  misfitOfClasses,
  misfitOfSource,
  overClasses,
  softmaxes,
} from './classes.ts';
import { defineLossKind } from './loss.ts';

/** −Σ log y[t] over the places, computed from the softmax's argument; t are class numbers. */
export const sparseCategoricalCrossentropy = defineLossKind({
  options: z.strictObject({ ...classOptions, fromLogits, fromProbabilities, ignoreClass }),
  hasClasses: true,
  takesClasses: true,
  activations: softmaxes,
  misfit: (output, o) => misfitOfSource(o) ?? misfitOfClasses(output, o),
  of: (terms, o) => overClasses(terms, o, logProbability(terms, o)),
});
