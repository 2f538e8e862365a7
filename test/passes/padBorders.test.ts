import { describe, expect, it } from 'vitest';
import { large } from '../../generator/forms/unrolled.ts';
import { aroundPass } from './aroundPass.ts';
import { pooled, uneven } from './small.ts';

describe('padBorders: what a winner may put outside is read from a copy with a border', () => {
  it('of the input of a padded kernel', () => {
    const { come } = aroundPass('padBorders', large, pooled);
    expect(come.filter((line) => /^\w+: /.test(line))).toEqual([
      'conv2d1: xp[h+1,w+1] = x[h,w]',
      'conv2d1: dW1[p,q,o] = Σ_{i,j} du1[i,j,o]·xp[2i+k1ᵤ+p,2j+k1ᵥ+q]',
    ]);
  });

  it('where every winner reads inside, nothing is copied', () => {
    const { gone, come } = aroundPass('padBorders', large, uneven);
    expect(gone).toEqual([]);
    expect(come).toEqual([]);
  });
});
