import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { dense } from './small.ts';

describe('foldSums: a sum without a loop is one expression', () => {
  it('of three products and a bias', () => {
    const { gone, come } = aroundPass('foldSums', 'fast', dense);
    expect(gone).toEqual(['let z1_0 = b1_0;', 'z1_0 += W1_0 * x_0;', 'z1_0 += W1_1 * x_1;', 'z1_0 += W1_2 * x_2;']);
    expect(come).toEqual(['const z1_0 = b1_0 + W1_0 * x_0 + W1_1 * x_1 + W1_2 * x_2;']);
  });
});
