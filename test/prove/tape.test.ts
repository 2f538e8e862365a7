import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Direction } from '../../generator/prove/direction.ts';
import { addInto, areEqual, multiplyInto, type Residue } from '../../generator/prove/field.ts';
import { randomResidue } from '../../generator/prove/random.ts';
import { Ring } from '../../generator/prove/ring.ts';
import { Tape } from '../../generator/prove/tape.ts';
import type { Scalar, Value } from '../../generator/prove/value.ts';

/** An operation on the numbers so far, by their positions. */
interface Operation {
  readonly name: 'plus' | 'subtract' | 'times' | 'divide' | 'tanh' | 'exp' | 'atan' | 'log';
  readonly a: number;
  readonly b: number;
}

const operation = fc.record({
  name: fc.constantFrom<Operation['name']>('plus', 'subtract', 'times', 'divide', 'tanh', 'exp', 'atan', 'log'),
  a: fc.nat(1000),
  b: fc.nat(1000),
});

/** A number and its derivative along one direction, as two numbers of a ring: forward mode, without a tape. */
interface Dual {
  readonly value: Scalar;
  readonly slope: Scalar;
}

function run(ring: Ring, start: readonly Dual[], operations: readonly Operation[]): Dual {
  const numbers = [...start];
  for (const { name, a, b } of operations) {
    numbers.push(apply(ring, name, numbers[a % numbers.length]!, numbers[b % numbers.length]!));
  }
  return numbers.at(-1)!;
}

function apply(ring: Ring, name: Operation['name'], x: Dual, y: Dual): Dual {
  const { add, subtract, multiply, divide } = {
    add: ring.plus.bind(ring),
    subtract: ring.subtract.bind(ring),
    multiply: ring.times.bind(ring),
    divide: ring.divide.bind(ring),
  };
  switch (name) {
    case 'plus':
      return { value: add(x.value, y.value), slope: add(x.slope, y.slope) };
    case 'subtract':
      return { value: subtract(x.value, y.value), slope: subtract(x.slope, y.slope) };
    case 'times':
      return {
        value: multiply(x.value, y.value),
        slope: add(multiply(x.slope, y.value), multiply(x.value, y.slope)),
      };
    case 'divide': {
      // 1 + y², so that nothing divides by 0
      const below = add(1, multiply(y.value, y.value));
      const value = divide(x.value, below);
      const slope = multiply(2, multiply(y.value, y.slope));
      return { value, slope: divide(subtract(x.slope, multiply(value, slope)), below) };
    }
    case 'tanh': {
      const value = ring.Math.tanh(x.value);
      return { value, slope: multiply(x.slope, subtract(1, multiply(value, value))) };
    }
    case 'exp': {
      const value = ring.Math.exp(x.value);
      return { value, slope: multiply(x.slope, value) };
    }
    case 'atan':
      return { value: ring.Math.atan(x.value), slope: divide(x.slope, add(1, multiply(x.value, x.value))) };
    case 'log': {
      const inside = add(1, multiply(x.value, x.value));
      return { value: ring.Math.log(inside), slope: divide(multiply(2, multiply(x.value, x.slope)), inside) };
    }
  }
}

test('One sweep of the tape along a direction is the dual number along it', () => {
  fc.assert(
    fc.property(fc.array(operation, { minLength: 1, maxLength: 30 }), fc.nat(1e6), (operations, seed) => {
      const ring = new Ring(seed, new Tape());
      const inputs = Array.from({ length: 3 }, (_, n): Value => ring.variable(0.1 * n, randomResidue(seed, 1, n)));
      const directions = inputs.map((_, n) => ring.make(0, randomResidue(seed, 2, n)));
      const start = inputs.map((value, n) => ({ value, slope: directions[n]! }));
      const { value, slope } = run(ring, start, operations);
      const adjoints = ring.derivatives.adjointsOf((value as Value).node);
      const sum = { hi: 0, lo: 0 };
      for (const [n, { node }] of inputs.entries()) {
        const product = { hi: 0, lo: 0 };
        multiplyInto(product, adjoints.of(node), directions[n]!);
        addInto(sum, sum, product);
      }
      expect(areEqual(sum, ring.lift(slope) as Residue)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('What a value carries along is the dual number along the direction', () => {
  fc.assert(
    fc.property(fc.array(operation, { minLength: 1, maxLength: 30 }), fc.nat(1e6), (operations, seed) => {
      const ring = new Ring(seed, new Direction());
      const slopes = [0, 1, 2].map((n) => randomResidue(seed, 2, n));
      const start = slopes.map((slope, n) => ({
        value: ring.variable(0.1 * n, randomResidue(seed, 1, n), slope),
        slope: ring.make(0, slope),
      }));
      const { value, slope } = run(ring, start, operations);
      expect(areEqual(ring.derivatives.slopeOf(value as Value), ring.lift(slope) as Residue)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['a record', () => new Tape()],
  ['a direction', () => new Direction()],
] as const)('A sum of a product is what its parts are, in %s', (_, start) => {
  const ring = new Ring(3, start());
  const [a, b, c] = [1, 2, 3].map((n) => ring.variable(n, randomResidue(n), randomResidue(n, 1))) as [
    Value,
    Value,
    Value,
  ];
  const derivative = ({ node, slope }: Value): unknown =>
    ring.derivatives instanceof Tape
      ? [a, b, c].map((one) => (ring.derivatives as Tape).adjointsOf(node).of(one.node))
      : slope;
  for (const [term, left, right] of [
    [c, a, b],
    [2, a, b],
    [c, ring.lift(3), b],
    [c, a, ring.lift(0.5)],
    [c, ring.lift(3), ring.lift(0.5)],
    [ring.lift(0.5), a, b],
    [a, a, a],
  ] as const) {
    const [found, expected] = [ring.plusProduct(term, left, right), ring.plus(term, ring.times(left, right))].map(
      (one) => ring.lift(one),
    ) as [Value, Value];
    expect([found.hi, found.lo, found.float]).toEqual([expected.hi, expected.lo, expected.float]);
    expect(derivative(found)).toEqual(derivative(expected));
    expect(ring.isVariable(found)).toBe(ring.isVariable(expected));
  }
});

test.each([
  ['a record', () => new Tape()],
  ['a direction', () => new Direction()],
] as const)('What is computed while derivatives are not followed has none that is known, in %s', (_, start) => {
  const ring = new Ring(3, start());
  const x = ring.variable(1, randomResidue(1), randomResidue(2));
  ring.derivatives.areFollowed = false;
  const [unknown, number] = [ring.times(x, 2) as Value, ring.times(ring.lift(0.5), 3) as Value];
  ring.derivatives.areFollowed = true;
  const isKnown = (one: Scalar): boolean => ring.derivatives.isKnown(ring.lift(one));
  expect([unknown, number, ring.plus(unknown, 1), ring.plus(x, unknown), ring.plus(x, number)].map(isKnown)).toEqual([
    false,
    true,
    false,
    false,
    true,
  ]);
  expect([ring.isVariable(unknown), ring.isVariable(number)]).toEqual([true, false]);
});

/** A term of a sum: its character, and the positions of its parts among some numbers. */
const term = fc.tuple(fc.constantFrom('+', '-', 'p', 'm'), fc.nat(), fc.nat());

test.each([
  ['a record', () => new Tape()],
  ['a direction', () => new Direction()],
] as const)('A sum of many terms is what these are one by one, in %s', (_, start) => {
  fc.assert(
    fc.property(fc.array(term, { minLength: 1, maxLength: 150 }), fc.nat(1e6), ([[, a, b], ...others], seed) => {
      const ring = new Ring(seed, start());
      const variables = [0, 1, 2].map((n) => ring.variable(n - 0.7, randomResidue(seed, n), randomResidue(seed, n, 1)));
      const numbers: Scalar[] = [...variables, ring.lift(0.5), 0, 3, ring.Math.log(variables[2]!)];
      const of = (n: number): Scalar => numbers[n % numbers.length]!;
      const terms = [['p', a, b] as const, ...others];
      const parts = terms.flatMap(([code, x, y]) => (code === 'p' || code === 'm' ? [of(x), of(y)] : [of(x)]));
      const found = ring.lift(ring.sum(terms.map(([code]) => code).join(''), ...parts));
      const expected = ring.lift(
        others.reduce<Scalar>(
          (sum, [code, x, y]) => {
            const one = code === 'p' || code === 'm' ? ring.times(of(x), of(y)) : of(x);
            return code === '+' || code === 'p' ? ring.plus(sum, one) : ring.subtract(sum, one);
          },
          ring.times(of(a), of(b)),
        ),
      );
      const facts = (one: Value): unknown => [
        [one.hi, one.lo, one.float, one.logarithms, ring.isVariable(one)],
        ring.derivatives instanceof Tape
          ? variables.map(({ node }) => (ring.derivatives as Tape).adjointsOf(one.node).of(node))
          : one.slope,
      ];
      expect(facts(found)).toEqual(facts(expected));
    }),
    { numRuns: 300 },
  );
});

test('What was computed before a new round is a constant', () => {
  const ring = new Ring(1, new Tape());
  const old = ring.variable(1, randomResidue(1));
  ring.startRound();
  const x = ring.variable(2, randomResidue(2));
  const product = ring.times(old, x) as Value;
  const adjoints = ring.derivatives.adjointsOf(product.node);
  expect(adjoints.of(x.node)).toEqual({ hi: old.hi, lo: old.lo });
  expect(adjoints.of(old.node)).toEqual({ hi: 0, lo: 0 });
});

test('The identities of opaque functions hold, and no others', () => {
  const ring = new Ring(5, new Tape());
  const same = (a: Scalar, b: Scalar): boolean => areEqual(ring.lift(a), ring.lift(b));
  const u = ring.variable(0.3, randomResidue(1));
  const v = ring.variable(0.7, randomResidue(2));
  const { exp, log, tanh, atan, expm1, log1p } = ring.Math;
  expect(same(ring.times(exp(u), exp(ring.negate(u))), 1)).toBe(true);
  expect(same(exp(ring.subtract(u, log(v))), ring.divide(exp(u), v))).toBe(true);
  expect(same(expm1(u), ring.subtract(exp(u), 1))).toBe(true);
  expect(same(log1p(u), log(ring.plus(1, u)))).toBe(true);
  expect(same(tanh(ring.negate(u)), ring.negate(tanh(u)))).toBe(true);
  expect(same(atan(ring.negate(u)), ring.negate(atan(u)))).toBe(true);
  expect([exp(0), log(1), tanh(0), atan(0)].map((one, n) => same(one, n === 0 ? 1 : 0))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(same(tanh(u), atan(u))).toBe(false);
  expect(same(tanh(u), tanh(v))).toBe(false);
  expect(same(exp(ring.plus(u, v)), exp(ring.subtract(u, v)))).toBe(false);
});
