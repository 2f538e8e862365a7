import { z } from 'zod';
import { add, call, type Expression, negate, number, one, subtract, zero } from '../../equations/expression.ts';
import { flag, positiveNumber } from '../options.ts';
import { misfitOfSource } from './classes.ts';
import { elementwiseOptions, misfitOfWeights, reduced, weighted } from './elementwise.ts';
import { type At, defineLossKind, type LossTerms } from './loss.ts';
import { between, smallest } from './places.ts';

const options = z.strictObject({
  ...elementwiseOptions,
  fromLogits: flag.default(false).describe('The output is the argument of a sigmoid that the loss applies.'),
  fromProbabilities: flag
    .optional()
    .describe('The output is a probability of any origin, kept between 1e-7 and 1 − 1e-7 (Keras).'),
  epsilon: positiveNumber
    .optional()
    .describe('The output is a probability, and the logarithms are of y + ε, 1 − y + ε.'),
});

/** −Σ (t·log y + (1 − t)·log(1 − y))/n, computed from the sigmoid's argument. */
export const binaryCrossentropy = defineLossKind({
  options,
  activations: (o) => (o.fromLogits || o.fromProbabilities || o.epsilon !== undefined ? undefined : ['sigmoid']),
  misfit: (output, o) => misfitOfSource(o) ?? misfitOfWeights(output, o),
  of(terms, o) {
    const logarithms = logarithmsOf(terms, o);
    return reduced(terms, o, (at) => {
      const [yes, no] = logarithms(at);
      const t = terms.t(at);
      return add(weighted(t, zero, negate(yes)), weighted(one, t, negate(no)));
    });
  },
});

type Options = z.output<typeof options>;

/** log p and log(1 − p): log σ(y) = −softplus(−y), log(1 − σ(y)) = −softplus y. */
function logarithmsOf(terms: LossTerms, o: Options): (at: At) => readonly [Expression, Expression] {
  if (o.fromLogits || o.fromProbabilities || o.epsilon === undefined) return (at) => logarithms(terms, o, at);
  const above = number(o.epsilon);
  // Named, so that nothing adds ε to 1: beside a y near 1 that would leave little of it in float32.
  const rest = terms.named('q', (at) => subtract(one, terms.y(at)));
  return (at) => [call('log', add(terms.y(at), above)), call('log', add(rest(at), above))];
}

function logarithms(terms: LossTerms, o: Options, at: At): readonly [Expression, Expression] {
  const y = terms.y(at);
  if (o.fromLogits) return [negate(call('softplus', negate(y))), negate(call('softplus', y))];
  if (o.fromProbabilities) {
    const log = (p: Expression) => call('log', between(smallest, 1 - smallest, p));
    return [log(y), log(subtract(one, y))];
  }
  return [terms.logY(at), terms.logOneMinusY(at)];
}
