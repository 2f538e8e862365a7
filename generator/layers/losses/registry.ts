import type { z } from 'zod';
import { binaryCrossentropy } from './binaryCrossentropy.ts';
import { categoricalCrossentropy } from './categoricalCrossentropy.ts';
import { hinge } from './hinge.ts';
import { huber } from './huber.ts';
import { meanAbsoluteError } from './meanAbsoluteError.ts';
import { meanSquaredError } from './meanSquaredError.ts';
import { negativeLogLikelihood } from './negativeLogLikelihood.ts';
import { poisson } from './poisson.ts';
import { sparseCategoricalCrossentropy } from './sparseCategoricalCrossentropy.ts';
import { squaredError } from './squaredError.ts';

/** Every loss, one line each. */
export const losses = {
  squaredError,
  meanSquaredError,
  meanAbsoluteError,
  huber,
  hinge,
  poisson,
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
  negativeLogLikelihood,
};

export type LossName = keyof typeof losses;

/** The options of each loss with their defaults filled in. */
export type LossOptions = { readonly [K in LossName]: z.output<(typeof losses)[K]['options']> };
