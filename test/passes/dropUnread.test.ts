import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { dense, pooled } from './small.ts';

describe('dropUnread: what nobody reads is left out', () => {
  it('the gradient of what a pool saw, where sums run along its winners', () => {
    const { gone, come } = aroundPass('dropUnread', 'fast', pooled);
    expect(gone.filter((line) => /^\w+: /.test(line))).toEqual([
      'maxPooling2d1: dz1[2i+k1ᵤ,2j+k1ᵥ,c] += du1[i,j,c]   for all i,j,c',
    ]);
    expect(come).toEqual([]);
  });

  it('what a caller sees stays', () => {
    const { gone, come } = aroundPass('dropUnread', 'fast', dense);
    expect(gone).toEqual([]);
    expect(come).toEqual([]);
  });
});
