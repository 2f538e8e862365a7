import { z } from 'zod';
import { call, divide, type Expression, negate, number, zero } from '../../equations/expression.ts';
import { lastOf } from '../../lists.ts';
import type { Shape } from '../../shape.ts';
import { Misfit } from '../layer.ts';
import { type ActivationName, flag } from '../options.ts';
import { reduction, weighted, weights } from './elementwise.ts';
import type { At, LossTerms, Weights } from './loss.ts';
import { between, smallest } from './places.ts';

/** Options of a loss over classes beside each other; spread into its `z.strictObject`. */
export const classOptions = {
  reduction: reduction
    .default('sum')
    .describe("'sum' over the places, or 'mean': divided by the weights of the classes that the targets name."),
  classWeights: weights.describe('A factor for each class.').optional(),
};

export const fromLogits = flag
  .default(false)
  .describe('The output is the argument of a softmax that the loss applies.');

/** Probabilities of any origin, as an option of a cross-entropy. */
export const fromProbabilities = flag
  .optional()
  .describe(
    'The output is probabilities of any origin: divided by the sum of their place, and kept between 1e-7 and 1 − 1e-7 (Keras).',
  );

export const ignoreClass = z
  .int({ error: 'expected a class number' })
  .describe('The class number of places that do not count, in the loss and in its mean.')
  .optional();

/** What the output of a cross-entropy is. */
interface Source {
  readonly fromLogits: boolean;
  readonly fromProbabilities?: boolean | undefined;
}

interface ClassOptions {
  readonly reduction: 'sum' | 'mean';
  readonly classWeights?: readonly number[] | undefined;
  readonly ignoreClass?: number | undefined;
}

/** −Σ w[c]·t·term over all places and classes c, or that divided by Σ w[c]·t. */
export function overClasses(terms: LossTerms, o: ClassOptions, term: (at: At) => Expression): Expression {
  const own = weightsOf(o, terms.classes);
  const loss = negate(terms.total((at) => weighted(terms.t(at), zero, term(at)), own));
  if (o.reduction === 'sum') return loss;
  return terms.perCount(loss, terms.total(terms.t, own));
}

/** The class that is ignored weighs nothing. */
function weightsOf(o: ClassOptions, classes: number): Weights | undefined {
  const { ignoreClass = -1, classWeights } = o;
  const isOne = ignoreClass >= 0 && ignoreClass < classes;
  if (classWeights === undefined && !isOne) return undefined;
  const values = classWeights ?? new Array<number>(classes).fill(1);
  return { of: 'classes', values: isOne ? values.with(ignoreClass, 0) : values };
}

/** log p of each class: of the output's definition, the output itself, or of the softmax that the loss applies. */
export function logProbability(terms: LossTerms, o: Source): (at: At) => Expression {
  if (o.fromLogits) return terms.logSoftmaxY;
  if (o.fromProbabilities) {
    const s = terms.sumAlong('s', terms.y);
    const p = terms.named('p', (at) => divide(terms.y(at), s(at)));
    return (at) => call('log', between(smallest, 1 - smallest, p(at)));
  }
  return terms.activation === 'logSoftmax' ? terms.y : terms.logY;
}

export const softmaxes = (o: Source): readonly ActivationName[] | undefined =>
  o.fromLogits || o.fromProbabilities ? undefined : ['softmax', 'logSoftmax'];

/** Logits are no probabilities. */
export function misfitOfSource(o: Source): Misfit | undefined {
  if (!o.fromLogits || !o.fromProbabilities) return undefined;
  return new Misfit('fromProbabilities', 'found it beside fromLogits', 'expected one of them');
}

export function misfitOfClasses(output: Shape, o: ClassOptions): Misfit | undefined {
  const classes = lastOf(output);
  if (o.classWeights === undefined || o.classWeights.length === classes) return undefined;
  return new Misfit(
    'classWeights',
    `found ${o.classWeights.length} numbers`,
    `expected one for each of ${classes} classes`,
  );
}

/** The mean over places where every place has targets that add up to 1. */
export function perPlace(terms: LossTerms, loss: Expression): Expression {
  return divide(loss, number(terms.places));
}
