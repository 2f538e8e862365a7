import type { RuleRow } from './behaviourRows.ts';
import { type Deviation, deviation, isWithin, measure } from './measure.ts';
import type { Observation } from './observation.ts';
import { resolvedShare } from './precision.ts';
import type { Variable } from './slots.ts';

/** What two modules of one network computed for the same sample; an inference module has the output alone. */
export type Comparable = Pick<Observation, 'output'> & Partial<Observation>;

/**
 * Whether two modules compute the same: the output and, where both have them, the loss and every gradient, each tensor
 * relative to its own largest value; a gradient at least to the share of the loss that the differences resolve, as one
 * that is 0 but for rounding has no size of its own.
 */
export function agreementRow(
  name: string,
  found: readonly Comparable[],
  expected: readonly Comparable[],
  variables: readonly Variable[],
  tolerance: number,
): RuleRow {
  const pairs = found.map((one, n) => tensorPairs(one, expected[n]!, variables));
  // The same tensors in every sample: measured one by one over all samples, and the worst counts.
  const measures = (pairs[0] ?? []).map((_, tensor) =>
    measure(
      pairs.map((ofSample) => ofSample[tensor]!.deviation),
      tolerance,
    ),
  );
  const error = Math.max(0, ...measures.map((one) => one.error));
  const count = (pairs[0] ?? []).reduce((total, pair) => total + pair.count, 0);
  return { name, count, error, tolerance, notes: [], passed: isWithin({ error, tolerance }) };
}

interface Pair {
  readonly count: number;
  readonly deviation: Deviation;
}

function tensorPairs(a: Comparable, b: Comparable, variables: readonly Variable[]): readonly Pair[] {
  const pair = (found: ArrayLike<number>, expected: ArrayLike<number>, least = 0): Pair => {
    const { error, scale } = deviation(found, expected);
    return { count: found.length, deviation: { error, scale: Math.max(scale, least) } };
  };
  const objective = Math.abs(b.loss ?? Math.max(...b.output));
  const pairs = [pair(a.output, b.output)];
  if (a.loss !== undefined && b.loss !== undefined) pairs.push(pair([a.loss], [b.loss]));
  for (const { of, offset, count } of variables) {
    const [found, expected] = of === 'input' ? [a.inputGradient, b.inputGradient] : [a.gradients, b.gradients];
    if (found === undefined || expected === undefined) continue;
    pairs.push(
      pair(
        found.subarray(offset, offset + count),
        expected.subarray(offset, offset + count),
        resolvedShare * objective,
      ),
    );
  }
  return pairs;
}
