import { expect, test } from 'vitest';
import { Direction } from '../../generator/prove/direction.ts';
import { areEqual } from '../../generator/prove/field.ts';
import { randomResidue } from '../../generator/prove/random.ts';
import { Ring } from '../../generator/prove/ring.ts';
import type { Scalar } from '../../generator/prove/value.ts';

const ring = new Ring(1, new Direction());
const numbers = Array.from({ length: 20 }, (_, n) => ring.make(1.5, randomResidue(1, 99, n)));

function expectEqual(found: Scalar, expected: Scalar): void {
  expect(areEqual(ring.lift(found), ring.lift(expected))).toBe(true);
}

test('Shares of a logarithm that add up to a whole are the logarithm', () => {
  const [u] = numbers;
  const log = ring.Math.log(u!);
  const [quarter, rest] = [ring.times(ring.lift(0.25), log), ring.times(log, 0.75)];
  expectEqual(ring.Math.exp(ring.plus(quarter, rest)), u!);
  expectEqual(ring.Math.exp(ring.plusProduct(quarter, ring.lift(0.75), log)), u!);
  const third = ring.divide(log, 3);
  expectEqual(ring.Math.exp(ring.subtract(ring.plus(third, log), third)), u!);
  expectEqual(ring.Math.exp(ring.times(ring.lift(-2), log)), ring.divide(1, ring.times(u!, u!)));
});

test('The exponential of more logarithms than are remembered is the same in whatever order they were added up', () => {
  const logarithms = numbers.map((one) => ring.Math.log(one));
  const add = (sum: Scalar, one: Scalar) => ring.plus(sum, one);
  expectEqual(ring.Math.exp(logarithms.reduce(add)), ring.Math.exp(logarithms.toReversed().reduce(add)));
});
