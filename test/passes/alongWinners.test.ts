import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { pooled, readTwice, sequence } from './small.ts';

describe('alongWinners: a sum behind a max pool runs along its winners', () => {
  it('a kernel and its bias see one place of each window', () => {
    const { come } = aroundPass('alongWinners', 'fast', pooled);
    expect(come.filter((line) => /^\w+: /.test(line))).toEqual([
      'maxPooling2d1: dz1[2i+k1ᵤ,2j+k1ᵥ,c] += du1[i,j,c]   for all i,j,c',
      'conv2d1: db1[o] = Σ_{i,j} du1[i,j,o]',
      'conv2d1: dW1[p,q,o] += du1[i,j,o]·x[2i+k1ᵤ+p−1,2j+k1ᵥ+q−1]   for all i,j,o,p,q',
    ]);
  });

  it('a sum that no pool stands behind stays', () => {
    const { gone, come } = aroundPass('alongWinners', 'fast', sequence);
    expect(gone).toEqual([]);
    expect(come).toEqual([]);
  });

  it('not where another layer reads the same numbers in another shape: places that never win count too', () => {
    const { all } = aroundPass('alongWinners', 'fast', readTwice);
    expect(all).toContain('many: dz1[n] += dz3[o]·W3[n,o]   for all o,n');
    expect(all).toContain('kernel: dW1[p,q,o] += dz1[i,j,o]·x[i+p,j+q]   for all i,j,o,p,q');
  });
});
