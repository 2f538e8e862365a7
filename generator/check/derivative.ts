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
 * At a kink none is good, and neither is one whose step is too short
 * for the roundings of f.
 *
 * @param roundings of f, see `roundingsOf`
 */
export function derivative(
  f: (at: number) => number,
  point: number,
  steps: readonly number[],
  allowed: (value: number) => number,
  roundings: number,
): Derivative {
  let best: Derivative = { value: Number.NaN, error: Number.POSITIVE_INFINITY };
  for (const step of steps) {
    const { values, errors } = differentiate(([at]) => f(at!), [point], step);
    // The difference adds up roundings as the root of 2·(8² + 1), over 12 steps; four times that is not met by chance.
    const [value, error] = [values[0]!, Math.max(errors[0]!, (4 * roundings) / step)];
    if (error < best.error) best = { value, error };
    if (best.error <= allowed(best.value)) break;
  }
  return best;
}
