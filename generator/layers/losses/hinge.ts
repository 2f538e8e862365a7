import { z } from 'zod';
import { call, type Expression, multiply, number, one, subtract } from '../../equations/expression.ts';
import { flag } from '../options.ts';
import { elementwiseOptions, misfitOfWeights, reduced } from './elementwise.ts';
import { type At, defineLossKind, type LossTerms } from './loss.ts';

export const zeroOne = flag.default(false).describe('Targets are 0 or 1 instead of −1 or 1.');

const options = z.strictObject({
  ...elementwiseOptions,
  squared: flag.default(false).describe('The square of each term.'),
  zeroOne,
});

/** Σ max(1 − t·y, 0)/n, or the squares; t is −1 or 1. */
export const hinge = defineLossKind({
  options,
  misfit: misfitOfWeights,
  of: (terms, o) => reduced(terms, o, hingeTerm(terms, o)),
});

interface HingeOptions {
  readonly squared: boolean;
  readonly zeroOne: boolean;
}

export function hingeTerm(terms: LossTerms, o: HingeOptions): (at: At) => Expression {
  return (at) => {
    const t = o.zeroOne ? subtract(multiply(number(2), terms.t(at)), one) : terms.t(at);
    const margin = call('relu', subtract(one, multiply(t, terms.y(at))));
    return o.squared ? call('square', margin) : margin;
  };
}
