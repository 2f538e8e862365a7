import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Constants, simplestFraction } from '../../generator/prove/constants.ts';
import { multiplyInto, type Residue, residueOf } from '../../generator/prove/field.ts';

const constants = new Constants(1);
const product = (a: Residue, b: Residue): Residue => {
  const into = { hi: 0, lo: 0 };
  multiplyInto(into, a, b);
  return into;
};

test.each([
  [0.2, 1n, 5n],
  [1 / 3, 1n, 3n],
  [2 / 3, 2n, 3n],
  [0.001, 1n, 1000n],
  [1e-7, 1n, 10_000_000n],
  [0.999, 999n, 1000n],
  [1.5, 3n, 2n],
  [6, 6n, 1n],
  [0, 0n, 1n],
])('%d means the simplest fraction that rounds to it', (value, numerator, denominator) => {
  expect(simplestFraction(value)).toEqual({ numerator, denominator });
});

test('Every double is rounded to from its fraction, and the fractions of neighbours differ', () => {
  const double = fc.double({ min: 2 ** -60, max: 2 ** 60, noNaN: true });
  fc.assert(
    fc.property(double, (value) => {
      const { numerator, denominator } = simplestFraction(value);
      // Numerators and denominators below 2^53 are exact, and so their quotient is rounded once.
      if (numerator < 2n ** 53n && denominator < 2n ** 53n) {
        expect(Number(numerator) / Number(denominator)).toBe(value);
      }
      expect(simplestFraction(value * (1 + 2 ** -52))).not.toEqual({ numerator, denominator });
    }),
  );
});

test('√2·√½ = 1, √2² = 2, √π² = π and 2/√π·√π = 2', () => {
  const root = constants.residue(Math.SQRT2);
  const rootPi = constants.residue(Math.sqrt(Math.PI));
  expect(product(root, root)).toEqual(residueOf(2n));
  expect(product(root, constants.residue(Math.SQRT1_2))).toEqual(residueOf(1n));
  expect(product(rootPi, rootPi)).toEqual(constants.residue(Math.PI));
  expect(product(constants.residue(2 / Math.sqrt(Math.PI)), rootPi)).toEqual(residueOf(2n));
});

test('A negative number is the negative of its fraction', () => {
  expect(product(constants.residue(-0.2), residueOf(5n))).toEqual(residueOf(-1n));
});

test('A float32 means a number of the spec that rounds to it, but an integer means itself', () => {
  const known = new Constants(1, [0.05 + 1e-10, 0.05, 3 + 1e-7]);
  const float32 = (value: number): number => known.float32(value).float;
  expect(float32(Math.fround(0.05))).toBe(0.05);
  expect(float32(-Math.fround(0.05))).toBe(-0.05);
  expect(float32(3)).toBe(3);
  expect(float32(-3)).toBe(-3);
});
