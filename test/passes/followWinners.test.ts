import { describe, expect, it } from 'vitest';
import { large } from '../../generator/forms/unrolled.ts';
import { aroundPass } from './aroundPass.ts';
import { pooled, readTwice } from './small.ts';

describe('followWinners: a sum behind a max pool is one over windows', () => {
  it('of a kernel, one sum for each of its numbers', () => {
    const { come } = aroundPass('followWinners', large, pooled);
    expect(come.filter((line) => /^\w+: /.test(line))).toEqual([
      'conv2d1: db1[o] = Σ_{i,j} du1[i,j,o]',
      'conv2d1: dW1[p,q,o] = Σ_{i,j} du1[i,j,o]·x[2i+k1ᵤ+p−1,2j+k1ᵥ+q−1]',
    ]);
  });

  it('of an input, one sum whose kernel is read at the place that the winner leaves', () => {
    const { come } = aroundPass('followWinners', large, pooled, { inputGradient: true });
    expect(come).toContain('conv2d1: dx[h,w] = Σ_{i,j,o} du1[i,j,o]·W1[h−2i−k1ᵤ+1,w−2j−k1ᵥ+1,o]');
  });

  it('not where another layer reads the same numbers in another shape: places that never win count too', () => {
    const { all } = aroundPass('followWinners', large, readTwice);
    expect(all).toContain('many: dz1[n] += dz3[o]·W3[n,o]   for all o,n');
    expect(all).toContain('kernel: dW1[p,q,o] += dz1[i,j,o]·x[i+p,j+q]   for all i,j,o,p,q');
  });
});
