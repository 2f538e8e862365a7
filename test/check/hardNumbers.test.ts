import { expect, it } from 'vitest';
import { checkSubject, subjectOf } from '../../generator/check/index.ts';
import { deviation, measure } from '../../generator/check/measure.ts';
import { broken, check, unrolled, wrongRows } from './subjects.ts';

const only = (activation: string, loss: string) =>
  unrolled(subjectOf({ name: 'hard', input: [2], layers: [{ type: 'activation', activation }], loss }));

const row = 'hard numbers: output and loss';

it('a right module passes with hard numbers', () => {
  expect(wrongRows(check(only('softmax', 'categoricalCrossentropy')))).toEqual([]);
  expect(wrongRows(check(only('sigmoid', 'binaryCrossentropy')))).toEqual([]);
});

it('a maximum that is added again is seen', () => {
  const subject = only('softmax', 'categoricalCrossentropy');
  const added = broken(broken(subject, '(x_0 - m1 - l1)', '(x_0 - (m1 + l1))'), '(x_1 - m1 - l1)', '(x_1 - (m1 + l1))');
  expect(wrongRows(check(added))).toEqual([row]);
});

it('a rest that is added to 1 before its logarithm is taken is seen', () => {
  expect(
    wrongRows(check(broken(only('softmax', 'categoricalCrossentropy'), 'Math.log1p(r1)', 'Math.log(1 + r1)'))),
  ).toEqual([row]);
});

it('a logarithm of the sigmoid that is a difference of large numbers is seen', () => {
  let subject = only('sigmoid', 'binaryCrossentropy');
  for (const u of ['x_0', 'x_1']) {
    const softplus = (v: string): string => `Math.max(${v}, 0) + Math.log1p(Math.exp(-Math.abs(${v})))`;
    subject = broken(subject, softplus(`-${u}`), `${softplus(u)} - ${u}`);
  }
  expect(wrongRows(check(subject))).toEqual([row]);
});

it('what was rounded before it cancelled to 0 is no hard number', () => {
  const layers = [
    { type: 'maxPooling2d', strides: 1, poolSize: 2 },
    { type: 'activation', activation: 'softplus' },
    { type: 'conv2d', filters: 1, kernelSize: 2, flipKernel: true },
  ];
  const subject = unrolled(subjectOf({ name: 'cancelled', input: [3, 3, 4], layers }));
  for (let seed = 1; seed <= 6; seed++) {
    expect(wrongRows(checkSubject(subject, { seed, samples: 1, slotsPerSample: 1 }))).toEqual([]);
  }
});

it('the same infinity on both sides is no disagreement, another is one', () => {
  const errorOf = (found: readonly number[], expected: readonly number[]): number =>
    measure([deviation(found, expected)], 1).error;
  const [high, low] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  expect(errorOf([high, 1, low], [high, 1, low])).toBe(0);
  expect(errorOf([Number.NaN, 1], [Number.NaN, 1])).toBe(0);
  expect(errorOf([high, 1.5], [high, 1])).toBe(0.5);
  for (const wrong of [low, Number.NaN, 1]) expect(errorOf([wrong, 1], [high, 1])).toBe(high);
});
