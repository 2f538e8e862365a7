import type { LossName } from '../spec/network.ts';
import { type ActivationName, logSoftmax, mapRows, softplus } from './activations.ts';
import type { Tensor } from './tensor.ts';

/** What a loss reads: the output y, and the z whose activation y is. */
export interface LossInput {
  readonly y: Tensor;
  readonly z: Tensor;
  readonly activation: ActivationName;
}

type Loss = (input: LossInput, target: ArrayLike<number>) => number;

/**
 * The four losses; each takes an output of any shape and a target of as many numbers.
 *
 * The cross-entropies are computed from z and never from y: y = softmax(z) or sigmoid(z) underflows to 0, or rounds to
 * 1, where log y and log(1 − y) are still ordinary numbers.
 */
const losses: { readonly [K in LossName]: Loss } = {
  // ½ Σ (y − t)²
  squaredError: ({ y }, target) => sum(y.values, (value, k) => 0.5 * square(value - target[k]!)),
  // (1/n) Σ (y − t)²
  meanSquaredError: ({ y }, target) => sum(y.values, (value, k) => square(value - target[k]!)) / y.values.length,
  // −Σ t·log y
  categoricalCrossentropy: ({ z, activation }, target) => {
    expectActivation('categoricalCrossentropy', activation, 'softmax');
    return sum(mapRows(z, logSoftmax), (logY, k) => -weighted(target[k]!, logY));
  },
  // −(1/n) Σ (t·log y + (1 − t)·log(1 − y)), where −log y = softplus(−z) and −log(1 − y) = softplus(z)
  binaryCrossentropy: ({ z, activation }, target) => {
    expectActivation('binaryCrossentropy', activation, 'sigmoid');
    const total = sum(
      z.values,
      (value, k) => weighted(target[k]!, softplus(-value)) + weighted(1 - target[k]!, softplus(value)),
    );
    return total / z.values.length;
  },
};

/** The loss of an output; throws a RangeError when the target has not as many numbers as the output. */
export function lossOf(name: LossName, input: LossInput, target: ArrayLike<number>): number {
  const expected = input.y.values.length;
  if (target.length !== expected) throw new RangeError(`target: expected ${expected} numbers, found ${target.length}`);
  return losses[name](input, target);
}

function expectActivation(loss: LossName, found: ActivationName, expected: ActivationName): void {
  if (found !== expected) throw new Error(`${loss}: expected a last activation of ${expected}, found ${found}`);
}

function sum(values: Float64Array, term: (value: number, index: number) => number): number {
  let total = 0;
  for (let k = 0; k < values.length; k++) total += term(values[k]!, k);
  return total;
}

/** 0 of a logarithm counts nothing, even where that is infinite: 0·log 0 = 0. */
function weighted(weight: number, logarithm: number): number {
  return weight === 0 ? 0 : weight * logarithm;
}

function square(value: number): number {
  return value * value;
}
