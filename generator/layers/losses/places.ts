import { compare, divide, type Expression, number, where } from '../../equations/expression.ts';
import { reduction } from './elementwise.ts';
import type { LossTerms } from './loss.ts';

/** What Keras keeps probabilities away from 0 and 1 by (keras.config.epsilon). */
export const smallest = 1e-7;

/** Options of a loss that has one value for each place, along the last axis; spread into its `z.strictObject`. */
export const placeOptions = {
  reduction: reduction.default('mean').describe("'mean' of the values of all places, or their 'sum'."),
};

/** The sum of the values of all places, or their mean. */
export function ofPlaces(terms: LossTerms, o: { readonly reduction: 'sum' | 'mean' }, total: Expression): Expression {
  return o.reduction === 'mean' ? divide(total, number(terms.places)) : total;
}

/** u, but least below that and most above; the bounds themselves pass the gradient on, as in TensorFlow. */
export function between(least: number, most: number, u: Expression): Expression {
  return where(compare(u, '>', number(most)), number(most), atLeast(least, u));
}

/** The larger of u and a number; at the bound the gradient passes. */
export function atLeast(least: number, u: Expression): Expression {
  return where(compare(u, '<', number(least)), number(least), u);
}
