import { expect } from 'vitest';

/** Fails unless every number is within `tolerance` of what is expected, relative to the largest number expected. */
export function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  const scale = largest(expected);
  const deviations = Array.from(expected, (value, k) => Math.abs(found[k]! - value));
  const worst = deviations.reduce((far, deviation, k) => (deviation <= deviations[far]! ? far : k), 0);
  if (deviations.every((deviation) => deviation <= tolerance * scale)) return;
  expect.fail(`at ${worst}: found ${found[worst]}, expected ${expected[worst]} (largest ${scale})`);
}

/** The largest absolute value. */
export function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
