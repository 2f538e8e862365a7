import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { paddedSequence, single } from './small.ts';

describe('schedule: a nest gets the order, the tiles and the lanes of its loops', () => {
  it('a kernel along a sequence, in vectors of its filters', () => {
    const { all, refused } = aroundPass('schedule', 'wasm', paddedSequence);
    expect(all).toEqual(
      expect.arrayContaining([
        'order j < 6, o < 4, q < 3, c < 2; tile o by 1, j by 6; written out c < 2; 4 lanes along o, the last over the one before; turns outside left out of q < 3',
      ]),
    );
    expect(refused).toEqual(expect.arrayContaining(['z1: across: neighbours fill vectors, or nothing does']));
  });

  it('a sum of two products is written out', () => {
    const { all } = aroundPass('schedule', 'fast', single);
    expect(all).toEqual(expect.arrayContaining(['order n < 2; written out n < 2']));
  });
});
