/** The largest error of some numbers, relative to a scale that goes with them. */
export interface Measure {
  /** Infinity where a number is not finite. */
  readonly error: number;
  /** What the error may be. */
  readonly tolerance: number;
}

/** An error and the scale that it is relative to, both absolute. */
export interface Deviation {
  readonly error: number;
  readonly scale: number;
}

/** The largest difference of two arrays, and the largest expected value. */
export function deviation(found: ArrayLike<number>, expected: ArrayLike<number>): Deviation {
  if (found.length !== expected.length) throw new Error(`found ${found.length} numbers, expected ${expected.length}`);
  let error = 0;
  let scale = 0;
  for (let n = 0; n < expected.length; n++) {
    // The same infinity on both sides, or NaN on both, is no disagreement, and nothing to measure others by.
    if (Object.is(found[n], expected[n])) {
      if (Number.isFinite(expected[n])) scale = Math.max(scale, Math.abs(expected[n]!));
      continue;
    }
    // Math.max hands a NaN on, from either side.
    error = Math.max(error, Math.abs(found[n]! - expected[n]!));
    scale = Math.max(scale, Math.abs(expected[n]!));
  }
  return { error, scale };
}

/** The largest error of several samples, relative to the largest scale: no sample counts alone that happens to be small. */
export function measure(deviations: readonly Deviation[], tolerance: number): Measure {
  let error = 0;
  let scale = 0;
  for (const one of deviations) {
    error = Math.max(error, one.error);
    scale = Math.max(scale, one.scale);
  }
  const relative = error === 0 ? 0 : error / scale;
  return { error: Number.isNaN(relative) ? Number.POSITIVE_INFINITY : relative, tolerance };
}

export function isWithin({ error, tolerance }: Measure): boolean {
  return error <= tolerance;
}
