import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { pooled } from './small.ts';

describe('filtersFirst: a kernel of winners is added up with its filters first', () => {
  it('in a copy, which is turned back once', () => {
    const { come } = aroundPass('filtersFirst', 'wasm', pooled);
    expect(come.filter((line) => /^\w+: /.test(line))).toEqual([
      'conv2d1: dW1ᵀ[o,p,q] += du1[i,j,o]·x[2i+k1ᵤ+p−1,2j+k1ᵥ+q−1]   for all i,j,o,p,q',
      'conv2d1: dW1[p,q,o] = dW1ᵀ[o,p,q]',
    ]);
  });

  it('a copy of a small kernel does not pay where there are no vectors, and it says so', () => {
    const { come, refused } = aroundPass('filtersFirst', 'fast', pooled);
    expect(come).toEqual([]);
    expect(refused).toEqual(['dW1: 3×3×1×2 is too small for a copy to pay']);
  });
});
