import { describe, expect, it } from 'vitest';
import { parametersOf, run } from './run.ts';

const layer = { type: 'batchNormalization', epsilon: 1 } as const;

describe('batchNormalization', () => {
  it('normalizes every channel by its statistics', () => {
    // γ, β, moving mean and moving variance of two channels: √(v + 1) is 2 and 3.
    const parameters = [1, 10, 0, 100, 5, 6, 3, 8];
    expect(run([1, 2, 2], layer, parameters, [7, 9, 5, 0])).toEqual([1, 110, 0, 80]);
  });

  it('takes every element of a vector as a channel', () => {
    expect(parametersOf([3], layer)).toEqual({ gamma: [3], beta: [3], movingMean: [3], movingVariance: [3] });
    expect(run([2], layer, [1, 2, 3, 4, 0, 0, 0, 0], [5, 6])).toEqual([8, 16]);
  });

  it('adds Keras’ epsilon of a thousandth where none is given', () => {
    const found = run([1], { type: 'batchNormalization' }, [1, 0, 0, 0], [1]);
    expect(found).toEqual([1 / Math.sqrt(1e-3)]);
  });
});
