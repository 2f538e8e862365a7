import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addInto,
  integerInto,
  invertInto,
  minusOne,
  modulus,
  multiplyAddInto,
  multiplyInto,
  multiplyTwiceInto,
  negateInto,
  power,
  type Residue,
  residueOf,
  subtractInto,
} from '../../generator/prove/field.ts';

const toBigInt = ({ hi, lo }: Residue): bigint => BigInt(hi) * 2n ** 31n + BigInt(lo);
const mod = (n: bigint): bigint => ((n % modulus) + modulus) % modulus;
/** Every element, those beside 0, 2^31, 2^60 and p more often: carries happen there. */
const element = fc
  .oneof(
    fc.bigInt(0n, modulus - 1n),
    fc
      .tuple(fc.constantFrom(0n, 2n ** 21n, 2n ** 31n, 2n ** 42n, 2n ** 60n, modulus), fc.bigInt(-3n, 3n))
      .map(([n, near]) => mod(n + near)),
  )
  .map(residueOf);

function apply(operation: (into: { hi: number; lo: number }) => void): bigint {
  const into = { hi: 0, lo: 0 };
  operation(into);
  const canonical = toBigInt(into);
  expect(canonical < modulus && canonical >= 0n && into.hi < 2 ** 30 && into.lo < 2 ** 31).toBe(true);
  return canonical;
}

test('Sums, differences, products and negatives are those of BigInt, and below p', () => {
  fc.assert(
    fc.property(element, element, (a, b) => {
      const [x, y] = [toBigInt(a), toBigInt(b)];
      expect(apply((into) => addInto(into, a, b))).toBe(mod(x + y));
      expect(apply((into) => subtractInto(into, a, b))).toBe(mod(x - y));
      expect(apply((into) => multiplyInto(into, a, b))).toBe(mod(x * y));
      expect(apply((into) => negateInto(into, a))).toBe(mod(-x));
    }),
    { numRuns: 4000 },
  );
});

test('A product and a term, and two of them, are those of BigInt', () => {
  fc.assert(
    fc.property(element, element, element, element, element, (a, b, c, d, e) => {
      const [v, w, x, y, z] = [a, b, c, d, e].map(toBigInt) as [bigint, bigint, bigint, bigint, bigint];
      expect(apply((into) => multiplyAddInto(into, a, b, c))).toBe(mod(v * w + x));
      expect(apply((into) => multiplyTwiceInto(into, a, b, c, d, e))).toBe(mod(v * w + x * y + z));
    }),
    { numRuns: 2000 },
  );
});

test('An inverse times its number is 1; 0 has none', () => {
  fc.assert(
    fc.property(element, (a) => {
      if (toBigInt(a) === 0n) expect(() => apply((into) => invertInto(into, a))).toThrow(RangeError);
      else expect(mod(apply((into) => invertInto(into, a)) * toBigInt(a))).toBe(1n);
    }),
  );
});

test('A result may take the place of its operands', () => {
  const a = { hi: 12345, lo: 678 };
  const square = mod(toBigInt(a) ** 2n);
  multiplyInto(a, a, a);
  expect(toBigInt(a)).toBe(square);
  const b = { hi: 1, lo: 2 };
  invertInto(b, b);
  expect(mod(toBigInt(b) * (2n ** 31n + 2n))).toBe(1n);
});

test.each([0, 1, 2, 5, 16, -1, -3])('Powers: %d', (n) => {
  const a = { hi: 987, lo: 654321 };
  const positive = mod(toBigInt(a) ** BigInt(Math.abs(n)));
  expect(mod(toBigInt(power(a, n)) * (n < 0 ? positive : 1n))).toBe(n < 0 ? 1n : positive);
});

test('Safe integers keep their value, negative ones too', () => {
  for (const n of [0, 1, -1, 2 ** 31, -(2 ** 31), Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER]) {
    expect(apply((into) => integerInto(into, n))).toBe(mod(BigInt(n)));
  }
  expect(toBigInt(minusOne)).toBe(modulus - 1n);
});
