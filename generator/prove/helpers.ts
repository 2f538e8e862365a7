import type { HelperName } from '../print/functionText.ts';
import { erf, erfc } from '../reference/erf.ts';
import type { Exports } from './program.ts';

/** Functions that a generated module may define, with what they should compute. */
const expected: { readonly [K in HelperName]: (u: number) => number } = {
  erf,
  normalCdf: (u) => erfc(-u / Math.SQRT2) / 2,
  tanh: Math.tanh,
};

/** Points of the range in which the function is not yet constant to float64. */
const range = 7;
const count = 5000;

/** A helper whose largest error is above this, relative to the function's largest value, is another function. */
export const helperTolerance = 4e-15;

/** The largest error of each helper that a module defines; its floats are checked, as its text is not followed. */
export function checkHelpers(plain: Exports): readonly { readonly name: string; readonly error: number }[] {
  return Object.entries(expected).flatMap(([name, right]) => {
    const found = plain[name];
    if (typeof found !== 'function') return [];
    let error = 0;
    for (let n = 0; n <= count; n++) {
      const u = range * (2 * (n / count) - 1);
      error = Math.max(error, Math.abs(found(u) - right(u)));
    }
    return [{ name, error }];
  });
}
