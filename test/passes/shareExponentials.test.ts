import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { softmax } from './small.ts';

describe('shareExponentials: an exponential is computed once', () => {
  it('the softmax and its logarithm share them', () => {
    const { gone, come } = aroundPass('shareExponentials', 'fast', softmax);
    expect(gone).toEqual(['dense1: l1 = log Σ_o exp(z1[o] − m1)', 'dense1: a1[o] = exp(z1[o] − m1 − l1)']);
    expect(come).toEqual([
      'dense1: e1[o] = exp(z1[o] − m1)',
      'dense1: S1 = Σ_o e1[o]',
      'dense1: r1 = Σ_o [z1[o] = m1] − 1 + Σ_o′ e1[o′]·[z1[o′] ≠ m1]',
      'dense1: l1 = log(1 + r1)',
      'dense1: a1[o] = e1[o]/S1',
    ]);
  });
});
