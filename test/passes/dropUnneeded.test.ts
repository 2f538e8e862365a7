import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { single, unevenSequence } from './small.ts';

describe('dropUnneeded: an element that nobody needs has no statement', () => {
  it('what the windows of a pool leave over', () => {
    const { gone, come } = aroundPass('dropUnneeded', 'unrolled', unevenSequence);
    expect(gone).toEqual(['const z1_2 = W1 * x_2;']);
    expect(come).toEqual([]);
  });

  it('all others stay', () => {
    const { gone, come } = aroundPass('dropUnneeded', 'unrolled', single);
    expect(gone).toEqual([]);
    expect(come).toEqual([]);
  });
});
