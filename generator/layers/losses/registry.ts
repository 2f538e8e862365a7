import type { z } from 'zod';
import { binaryCrossentropy } from './binaryCrossentropy.ts';
import { categoricalCrossentropy } from './categoricalCrossentropy.ts';
import { categoricalHinge } from './categoricalHinge.ts';
import { cosineDistance } from './cosineDistance.ts';
import { cosineProximity } from './cosineProximity.ts';
import { hinge } from './hinge.ts';
import { huber } from './huber.ts';
import { kullbackLeiblerDivergence } from './kullbackLeiblerDivergence.ts';
import { logCosh } from './logCosh.ts';
import type { LossDefinition } from './loss.ts';
import { meanAbsoluteError } from './meanAbsoluteError.ts';
import { meanAbsolutePercentageError } from './meanAbsolutePercentageError.ts';
import { meanSquaredError } from './meanSquaredError.ts';
import { meanSquaredLogarithmicError } from './meanSquaredLogarithmicError.ts';
import { negativeLogLikelihood } from './negativeLogLikelihood.ts';
import { poisson } from './poisson.ts';
import { sparseCategoricalCrossentropy } from './sparseCategoricalCrossentropy.ts';
import { squaredError } from './squaredError.ts';
import { squaredHinge } from './squaredHinge.ts';

/** Every loss, one line each. */
export const losses = {
  squaredError,
  meanSquaredError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredLogarithmicError,
  huber,
  logCosh,
  hinge,
  squaredHinge,
  poisson,
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  negativeLogLikelihood,
  categoricalHinge,
  kullbackLeiblerDivergence,
  cosineProximity,
  cosineDistance,
};

export type LossName = keyof typeof losses;

/** What is known of a loss, without the types of its options. */
export function lossOf(name: LossName): LossDefinition {
  return losses[name];
}

/** The options of each loss with their defaults filled in. */
export type LossOptions = { readonly [K in LossName]: z.output<(typeof losses)[K]['options']> };
