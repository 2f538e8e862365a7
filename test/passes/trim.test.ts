import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { uneven } from './small.ts';

describe('trim: an index stops where the last reader does', () => {
  it('before a window that leaves a row and a column unread', () => {
    const { gone, come } = aroundPass('trim', 'fast', uneven);
    expect(gone).toEqual(['conv2d1: z1[i,j] = Σ_{p,q} W1[p,q]·x[i+p,j+q]']);
    expect(come).toEqual(['conv2d1: z1[i,j] = Σ_{p,q} W1[p,q]·x[i+p,j+q]   where i,j < 4']);
  });
});
