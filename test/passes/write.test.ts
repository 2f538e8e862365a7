import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { dense } from './small.ts';

describe('write: layers become equations', () => {
  it('a dense layer and its loss are three, and there is no gradient yet', () => {
    const { all } = aroundPass('write', 'fast', dense);
    expect(all).toEqual([
      'dense1: z1[o] = b1[o] + Σ_n W1[n,o]·x[n]',
      'dense1: a1[o] = relu(z1[o])',
      'loss: L = 0.5·(Σ_o (a1[o] − t[o])²)',
    ]);
  });

  it('without training there is no loss', () => {
    const { all } = aroundPass('write', 'fast', dense, { inference: true });
    expect(all).toEqual(['dense1: z1[o] = b1[o] + Σ_n W1[n,o]·x[n]', 'dense1: a1[o] = relu(z1[o])']);
  });
});
