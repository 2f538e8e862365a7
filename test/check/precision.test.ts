import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { NetworkCheck } from '../../generator/check/check.ts';
import { explain } from '../../generator/check/explain.ts';
import { longestSum } from '../../generator/check/longestSum.ts';
import { float32, float64, precisionFor } from '../../generator/check/precision.ts';
import { stages } from '../../generator/pipeline.ts';

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
const n3 = stages.parse(read('bench/networks/n3.net.json'));

test('the longest sum of N3 is that of a bias over 28×28 places', () => {
  expect(longestSum(n3)).toBe(784);
});

test('what float32 may lose to rounding grows with the root of the longest sum, and nothing else does', () => {
  // N3 is right to 1.1e-2, which the bound of a short sum called wrong.
  expect(precisionFor(float32, longestSum(n3))).toEqual({ ...float32, adjoint: 0.0175 });
  expect(precisionFor(float32, 100)).toEqual(float32);
  expect(precisionFor(float64, 1e6)).toEqual(float64);
});

test('check says by how much', () => {
  const check = { longestSum: 784, loss: null, kinks: [], tied: [], forms: [{ precision: 'float32', tensors: [] }] };
  const text = explain(check as unknown as NetworkCheck).join('\n');
  expect(text).toContain('up to 0.0175\n');
  expect(text).toContain('√(784/256) times that of short sums, as the longest has 784 terms');
});
