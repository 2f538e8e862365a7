import { z } from 'zod';
import {
  compare,
  divide,
  type Expression,
  multiply,
  number,
  subtract,
  where,
  zero,
} from '../../equations/expression.ts';
import { elementsOf, type Shape } from '../../shape.ts';
import { Misfit } from '../layer.ts';
import { realNumber } from '../options.ts';
import type { At, LossDefinition, LossTerms } from './loss.ts';

const reductionError = "expected 'sum' or 'mean'";

/** Whether the terms of a loss are added up, or their mean is taken. */
export const reduction = z.enum(['sum', 'mean'], { error: reductionError });

/** The longest list of weights: each different one is a sum of its own. */
const mostWeights = 4096;
const weightsError = `expected an array of at most ${mostWeights} numbers`;

export const weights = z.array(realNumber, { error: weightsError }).min(1, { error: weightsError }).max(mostWeights, {
  error: weightsError,
});

/** Options of a loss that adds up a term for each element; spread into its `z.strictObject`. */
export const elementwiseOptions = {
  reduction: reduction.default('mean').describe("'mean' of all elements, or their 'sum'."),
  weights: weights.describe('A factor for each element of the output; the mean divides by their number.').optional(),
};

interface Elementwise {
  readonly reduction: 'sum' | 'mean';
  readonly weights?: readonly number[] | undefined;
}

/** (a − b)·value, and 0 where a = b, whatever the value: 0·log 0 = 0. A bracket is 0 or 1 and drops what it does not ask for. */
export function weighted(a: Expression, b: Expression, value: Expression): Expression {
  if (a.kind === 'where') return multiply(a, value);
  return where(compare(a, '≠', b), multiply(subtract(a, b), value), zero);
}

/** The sum or mean of a term for each element, each times its weight. */
export function reduced(terms: LossTerms, o: Elementwise, term: (at: At) => Expression): Expression {
  const total = terms.total(term, o.weights && { of: 'elements', values: o.weights });
  return o.reduction === 'mean' ? divide(total, number(terms.size)) : total;
}

export function misfitOfWeights(output: Shape, o: Elementwise): Misfit | undefined {
  const size = elementsOf(output);
  if (o.weights === undefined || o.weights.length === size) return undefined;
  return new Misfit('weights', `found ${o.weights.length} numbers`, `expected one for each of ${size} outputs`);
}

/** A loss that adds up a term of each element's output y and target t. */
export function lossOfElements<Schema extends z.ZodObject<typeof elementwiseOptions>>(
  options: Schema,
  term: (y: Expression, t: Expression, o: z.output<Schema>) => Expression,
): LossDefinition<Schema> {
  return {
    options,
    misfit: misfitOfWeights,
    of: (terms, o) => reduced(terms, o, (at) => term(terms.y(at), terms.t(at), o)),
  };
}
