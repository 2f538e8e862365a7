import { describe, expect, it } from 'vitest';
import { literal } from '../../generator/forms/unrolled.ts';
import { aroundPass } from './aroundPass.ts';
import { paddedSequence, sequence } from './small.ts';

describe('gather: a scatter becomes one sum for each element', () => {
  it('a kernel that sees a padded sequence', () => {
    const { gone, come } = aroundPass('gather', literal, sequence);
    expect(gone).toEqual([
      'conv1d2: dW2[q,c,o] += dz2[j,o]·z1[j+q−1,c]   for all j,o,q,c',
      'conv1d2: dz1[j+q−1,c] += dz2[j,o]·W2[q,c,o]   for all j,o,q,c',
      'conv1d1: dW1[q,c,o] += dz1[j,o]·x‹1×6×2›[0,j+q,c]   for all j,o,q,c',
    ]);
    expect(come.filter((line) => /^\w+: /.test(line))).toEqual([
      'conv1d2: dW2[q,c,o] = Σ_j dz2[j,o]·z1[j+q−1,c]',
      'conv1d2: dz1[w,c] = Σ_{o,q} dz2[w−q+1,o]·W2[q,c,o]',
      'conv1d1: dW1[q,c,o] = Σ_j dz1[j,o]·x‹1×6×2›[0,j+q,c]',
    ]);
  });

  it('not where loops would ask at every place whether its terms exist, and says so', () => {
    const { all, refused } = aroundPass('gather', 'fast', paddedSequence);
    expect(all).toContain('conv1d1: dW1[q,c,o] += dz1[j,o]·x‹1×6×2›[0,j+q−1,c]   for all j,o,q,c');
    expect(refused).toContain('dW1: as one sum it would ask at every place whether its terms exist');
  });
});
