import { expect, test } from 'vitest';
import { adviceOn } from '../../generator/bench/advice.ts';
import type { FormBench } from '../../generator/bench/bench.ts';

type Name = FormBench['form'];

/** Forms with the times stated, in µs, and `changes` by form. */
function adviceFor(
  times: Partial<Record<Name, readonly [forward: number, training?: number]>>,
  changes: Partial<Record<Name, Partial<FormBench>>> = {},
): readonly string[] {
  const all = Object.entries(times) as [Name, readonly [number, number?]][];
  const least = (n: 0 | 1) => Math.min(...all.map(([, each]) => each[n] ?? Number.POSITIVE_INFINITY));
  const forms = all.map(
    ([form, [forward, training]]): FormBench => ({
      form,
      precision: 'float64',
      forward: { microseconds: forward, ratio: forward / least(0) },
      training: training === undefined ? null : { microseconds: training, ratio: training / least(1) },
      warmUp: { milliseconds: 100, settled: true },
      bytes: 1000,
      functions: 10,
      ...changes[form],
    }),
  );
  return adviceOn({ forms });
}

test('One form is the fastest at both', () => {
  expect(adviceFor({ unrolled: [3.4, 8.4], fast: [2.1, 4.9] })).toEqual([
    'fast is the fastest: 2.10 µs forward, 4.90 µs a training step (--form fast).',
  ]);
});

test('Another form is the fastest at each', () => {
  expect(adviceFor({ unrolled: [2.1, 8.4], fast: [3.4, 14_210] })).toEqual([
    'unrolled is the fastest: 2.10 µs forward, 8.40 µs a training step (--form unrolled).',
  ]);
  expect(adviceFor({ unrolled: [2.1, 8.4], fast: [3.4, 4.9] })).toEqual([
    'unrolled is the fastest forward, 2.10 µs (--form unrolled); fast is the fastest in training, 4.90 µs a step (--form fast).',
  ]);
});

test('Where nothing is trained, forward decides', () => {
  expect(adviceFor({ unrolled: [0.2134], fast: [0.3] })).toEqual([
    'unrolled is the fastest: 0.213 µs forward (--form unrolled).',
  ]);
  expect(adviceFor({ fast: [14_210] })).toEqual(['fast is the only form: 14,200 µs forward (--form fast).']);
});

test('Forms less than 5 % apart are level', () => {
  expect(adviceFor({ unrolled: [2.04, 5], fast: [2, 5.1] })).toEqual([
    'unrolled is as fast as fast, and no form is faster: 2.04 µs forward, 5.00 µs a training step (--form unrolled).',
  ]);
  // The fastest in training is level forward: one form for both.
  expect(adviceFor({ unrolled: [2, 8], fast: [2.04, 5] })).toEqual([
    'fast is the fastest: 2.04 µs forward, 5.00 µs a training step (--form fast).',
  ]);
});

test('A slow start and a warm-up cut off are mentioned', () => {
  const times = { unrolled: [2, 5], fast: [3, 6] } as const;
  const late = { warmUp: { milliseconds: 580, settled: true } };
  expect(adviceFor(times, { unrolled: late }).slice(1)).toEqual([
    'unrolled starts slower: it takes 0.58 s to reach its speed, fast 0.10 s.',
  ]);
  const cold = { warmUp: { milliseconds: 5000, settled: false } };
  expect(adviceFor(times, { unrolled: cold }).slice(1)).toEqual([
    'unrolled was not warm when it was timed: it becomes faster than this.',
  ]);
});

test('Where the fastest form computes in float32, the others are compared apart as well', () => {
  const inFloat32 = { wasm: { precision: 'float32' } } as const;
  expect(adviceFor({ unrolled: [3, 8], fast: [3.1, 6], wasm: [1, 2] }, inFloat32)).toEqual([
    'wasm is the fastest: 1.00 µs forward, 2.00 µs a training step (--form wasm).',
    'In float64, with 16 digits instead of 7, fast is the fastest: 3.10 µs forward, 6.00 µs a training step (--form fast).',
  ]);
  expect(adviceFor({ unrolled: [1, 2], wasm: [3, 8] }, inFloat32)).toHaveLength(1);
});
