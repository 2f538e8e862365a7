import { expect, test } from 'vitest';
import { nearest } from '../../generator/spec/nearest.ts';

const words = ['filters', 'kernelSize', 'strides', 'padding', 'relu', 'elu', 'selu'];

test.each([
  ['filter', 'filters'],
  ['fliters', 'filters'],
  ['kernel_size', 'kernelSize'],
  ['KernelSize', 'kernelSize'],
  ['stride', 'strides'],
  ['pading', 'padding'],
  ['rleu', 'relu'],
  ['elu', 'elu'],
])('%s is nearest to %s', (word, right) => {
  expect(nearest(word, words)).toBe(right);
});

test.each(['', 'x', 'banana', 'a'.repeat(1_000_000)])('a word like no other is nearest to none', (word) => {
  expect(nearest(word, words)).toBeUndefined();
});
