import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { dense, single } from './small.ts';

describe('derive: every read gives a gradient', () => {
  it('of a dense layer there are four, from the loss back', () => {
    const { gone, come } = aroundPass('derive', 'fast', dense);
    expect(gone).toEqual([]);
    expect(come).toEqual([
      'loss: da1[o] = a1[o] − t[o]',
      'dense1: dz1[o] = da1[o]·[a1[o] > 0]',
      'dense1: db1[o] = dz1[o]',
      'dense1: dW1[n,o] = dz1[o]·x[n]',
    ]);
  });

  it('the input has one where it is asked for', () => {
    const { come } = aroundPass('derive', 'fast', single, { inputGradient: true });
    expect(come).toEqual(['loss: dz1 = z1 − t', 'dense1: dW1[n] = dz1·x[n]', 'dense1: dx[n] = dz1·W1[n]']);
  });
});
