import { z } from 'zod';
import { classOptions, ignoreClass, misfitOfClasses, overClasses } from './classes.ts';
import { defineLossKind } from './loss.ts';

/** −Σ y[t] over the places: y are logarithms of probabilities, t are class numbers. */
export const negativeLogLikelihood = defineLossKind({
  options: z.strictObject({ ...classOptions, ignoreClass }),
  hasClasses: true,
  takesClasses: true,
  misfit: misfitOfClasses,
  of: (terms, o) => overClasses(terms, o, terms.y),
});
