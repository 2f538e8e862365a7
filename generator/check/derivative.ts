import { differentiate } from '../reference/finiteDifferences.ts';

export interface Derivative {
  readonly value: number;
  /** How far the value can be trusted: rounding and truncation, or the size of the slope's jump beside a kink. */
  readonly error: number;
}

/**
 * f′ at a point by extrapolated central differences (see `differentiate`).
 *
 * A step that does not reach `allowed` has met a kink, and the next, shorter one is tried; the best of them is returned.
 * At a kink none is good.
 */
export function derivative(
  f: (at: number) => number,
  point: number,
  steps: readonly number[],
  allowed: (value: number) => number,
): Derivative {
  let best: Derivative = { value: Number.NaN, error: Number.POSITIVE_INFINITY };
  for (const step of steps) {
    const { values, errors } = differentiate(([at]) => f(at!), [point], step);
    const [value, error] = [values[0]!, errors[0]!];
    if (error < best.error) best = { value, error };
    if (best.error <= allowed(best.value)) break;
  }
  return best;
}
