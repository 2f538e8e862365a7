import { expect, test } from 'vitest';
import { Direction } from '../../generator/prove/direction.ts';
import { areEqual } from '../../generator/prove/field.ts';
import { proveNetwork } from '../../generator/prove/index.ts';
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

/** Layers that give sums of what they read, weighted by constants. */
const weighing: readonly (readonly object[])[] = [
  [{ type: 'averagePooling2d', poolSize: 2, strides: 1, padding: 'same' }],
  [{ type: 'averagePooling2d', poolSize: 2, strides: 1, padding: 'same', countIncludePad: true }],
  [{ type: 'globalAveragePooling2d' }],
  [{ type: 'reduceMean', axes: [1] }],
  [{ type: 'upSampling2d', size: 2, interpolation: 'bilinear' }],
  [{ type: 'resizing', height: 1, width: 2, interpolation: 'bicubic' }],
  [{ type: 'resizing', height: 2, width: 1 }],
  [{ type: 'rescaling', scale: -2, offset: 0.5 }],
  [{ type: 'average', inputs: ['log', 'log'] }],
  [
    { type: 'average', inputs: ['log', 'input'] },
    { type: 'add', inputs: ['average1', 'log'] },
  ],
];

test.each(weighing)('A softplus of logarithms that %j weighs is proved', (...layers) => {
  const log = { type: 'activation', name: 'log', activation: 'softplus' };
  const spec = { name: 'weighed', input: [2, 2, 1], layers: [log, ...layers, { ...log, name: 'again' }] };
  expect(proveNetwork(spec, { form: 'unrolled', rounds: 4 }).failures).toEqual([]);
});
