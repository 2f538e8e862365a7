import { describe, expect, it } from 'vitest';
import {
  applyScalarFunction,
  errorInUnits,
  gridOfFloat32,
  type ScalarFunctionName,
  scalarFunctions,
  unitInLastPlace,
} from './scalarFunctions.ts';

/** The largest error in units of the last place; the docstring of wasmFunctions.ts states the same table. */
const bounds: { readonly [K in ScalarFunctionName]: number } = {
  exp: 1,
  expm1: 2,
  log: 1,
  log1p: 3,
  log1pExp: 3,
  sigmoid: 2.5,
  softplus: 3,
  tanh: 6,
  atan: 3,
  erf: 3,
  normalCdf: 5,
  softsign: 2,
  elu: 2,
};

/** All exponents, and densely what the values of networks are. */
const points = Float32Array.from([...gridOfFloat32(400), ...between(-110, 110, 100_000), ...between(-5, 5, 100_000)]);

function between(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, n) => low + ((high - low) * n) / count);
}

describe.each(Object.entries(bounds) as [ScalarFunctionName, number][])('%s', (name, bound) => {
  // log1pExp is called with −|u| alone.
  const values =
    name === 'log1pExp'
      ? points.filter((value) => !(value > 0))
      : // Sums of exponentials alone are its arguments.
        name === 'log1p'
        ? points.filter((value) => !(value < 0))
        : points;
  const found = applyScalarFunction(scalarFunctions[name], values);

  it(`is within ${bound} units of the last place for every float32 number, the special ones too`, () => {
    const { exact } = scalarFunctions[name];
    let worst = { error: 0, message: '' };
    for (const [n, x] of values.entries()) {
      const error = errorInUnits(found[n]!, exact(x));
      if (error > worst.error) worst = { error, message: `${name}(${x}): found ${found[n]}, expected ${exact(x)}` };
    }
    expect(worst.error, worst.message).toBeLessThanOrEqual(bound);
  });

  it('is NaN for NaN, in its own lane alone', () => {
    const [a, b, c, d] = applyScalarFunction(scalarFunctions[name], Float32Array.of(-1, Number.NaN, -2, -3));
    const [plainA, , plainC, plainD] = applyScalarFunction(scalarFunctions[name], Float32Array.of(-1, -5, -2, -3));
    expect([a, b, c, d]).toEqual([plainA, Number.NaN, plainC, plainD]);
  });
});

describe('the yardstick', () => {
  it('covers all exponents and what is no number', () => {
    const exponents = new Set(Array.from(points, (value) => Math.floor(Math.log2(Math.abs(value)))));
    for (let exponent = -149; exponent < 128; exponent++) expect(exponents, `2^${exponent}`).toContain(exponent);
    for (const special of [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])
      expect(points.some((value) => Object.is(value, special))).toBe(true);
    expect(points.some((value) => Object.is(value, -0))).toBe(true);
  });

  it('measures in the distance of neighbours', () => {
    expect([1, 1.5, 2, 2 ** -126, 2 ** -140].map(unitInLastPlace)).toEqual(
      [-23, -23, -22, -149, -149].map((exponent) => 2 ** exponent),
    );
    expect(errorInUnits(1 + 2 ** -23, 1)).toBe(1);
    expect(errorInUnits(Number.NaN, 1)).toBe(Number.POSITIVE_INFINITY);
    expect(errorInUnits(1, Number.NaN)).toBe(Number.POSITIVE_INFINITY);
    expect(errorInUnits(Number.POSITIVE_INFINITY, 1e30)).toBe(Number.POSITIVE_INFINITY);
    expect(errorInUnits(Number.POSITIVE_INFINITY, 1e39)).toBe(0);
  });
});
