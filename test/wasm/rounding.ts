import type { Network } from '../../generator/spec/network.ts';
import { type AnyModel, type AnyModule, relativeError } from '../execution/load.ts';
import { randomNumbers } from '../execution/randomNumbers.ts';
import { steepestOf } from '../execution/steepest.ts';
import type { WasmModel } from './loadWasm.ts';

/** Numbers for a network, each of which float32 holds exactly. */
export interface Numbers {
  readonly parameters: readonly number[];
  readonly input: readonly number[];
  readonly given: readonly number[];
}

/** What one forward and one backward pass give. */
export interface Outcome {
  readonly output: readonly number[];
  /** Empty without a loss. */
  readonly loss: readonly number[];
  readonly gradients: readonly number[];
  readonly inputGradient: readonly number[];
}

export const tensors = ['output', 'loss', 'gradients', 'inputGradient'] as const;

/** Rounds every number to float32, so that the question itself is the same in both precisions. */
export function inFloat32({ parameters, input, given }: Numbers): Numbers {
  const round = (values: readonly number[]): number[] => values.map((value) => Math.fround(value));
  return { parameters: round(parameters), input: round(input), given: round(given) };
}

export function outcomeOf(model: AnyModel | WasmModel, { parameters, input, given }: Numbers): Outcome {
  model.parameters.set(parameters);
  model.gradients.fill(0);
  const output = Array.from(model.forward(input));
  const loss = model.backward(given) as number | undefined;
  return {
    output,
    loss: loss === undefined ? [] : [loss],
    gradients: Array.from(model.gradients),
    inputGradient: Array.from(model.inputGradient),
  };
}

/** How far numbers are moved at most to see how much a result hangs on them: 16 units of float32's last place. */
const shift = 2 ** -20;

/** Moves that are tried; the largest change counts. */
const trials = 4;

/** Roundings that a sum of a few hundred terms may lose, as a share of the largest value. */
const unitsOfLargest = 4e-6;

/** The last place of a number of 1 in float32. */
const lastPlace = 2 ** -23;

/** Values that such a result may be the small rest of: gelu's z·(1 + erf)/2 for a negative z, as every framework has it. */
const cancelled = 0.25;

/**
 * How far a float32 result may be from the float64 one.
 *
 * A stable algorithm gives the exact result of a question that differs by a few roundings (Higham, "Accuracy and
 * Stability of Numerical Algorithms", 2002, section 1.5): so the bound is what moving all numbers by a few roundings
 * does to the float64 result. That also covers kinks nearby, where the gradient jumps. To it comes a share of the
 * largest value of the tensor; where its terms cancel, of what `backward` was given and of `cancelled`: a target may be
 * the class number 0, and the gradients of a softmax add up to 0. With a loss `backward` starts from ∂L/∂output, which a
 * relative error makes as large as the reciprocal of a target: it is the size of terms that cancel, as in x/|x|. That is also
 * what the loss makes of the last place of an output: −log(1 − p) of a probability near 1.
 */
export function bounds(
  module: AnyModule,
  numbers: Numbers,
  network: Network,
): { readonly expected: Outcome; readonly allowed: Allowed } {
  const model = module.createModel();
  const expected = outcomeOf(model, numbers);
  const moved = Array.from({ length: trials }, (_, trial) => outcomeOf(model, moveAll(numbers, trial)));
  const steepest = steepestOf({ network, ...numbers });
  const largestGiven = Math.max(largest(numbers.given), steepest);
  const allowed = tensors.map((tensor) => {
    const spread = Math.max(...moved.map((one) => largestDifference(one[tensor], expected[tensor])));
    const isGradient = tensor === 'gradients' || tensor === 'inputGradient';
    const scale = Math.max(largest(expected[tensor]), isGradient ? largestGiven : 0, cancelled);
    const rounded = tensor === 'loss' ? lastPlace * steepest * largest(expected.output) : 0;
    return [tensor, spread + rounded + unitsOfLargest * scale] as const;
  });
  return { expected, allowed: Object.fromEntries(allowed) as Allowed };
}

export type Allowed = { readonly [K in (typeof tensors)[number]]: number };

function moveAll({ parameters, input, given }: Numbers, trial: number): Numbers {
  const move = (values: readonly number[], seed: number): number[] => {
    const moves = randomNumbers(values.length, 3 * trial + seed);
    return values.map((value, n) => value * (1 + shift * moves[n]!));
  };
  return { parameters: move(parameters, 0), input: move(input, 1), given: move(given, 2) };
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** NaN on one side alone is an infinite difference. */
export function largestDifference(found: readonly number[], expected: readonly number[]): number {
  return relativeError(found, expected) * (largest(expected) || 1);
}
