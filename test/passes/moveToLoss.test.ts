import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { softmax } from './small.ts';

describe('moveToLoss: what the loss alone reads is not computed by forward', () => {
  it('the logarithm of a softmax', () => {
    const { gone, come } = aroundPass('moveToLoss', 'fast', softmax);
    expect(gone).toEqual(['dense1: r1 = Σ_o [z1[o] = m1] − 1 + Σ_o′ e1[o′]·[z1[o′] ≠ m1]', 'dense1: l1 = log(1 + r1)']);
    expect(come).toEqual(['loss: r1 = Σ_o [z1[o] = m1] − 1 + Σ_o′ e1[o′]·[z1[o′] ≠ m1]', 'loss: l1 = log(1 + r1)']);
  });
});
