import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { sequence, single } from './small.ts';

describe('layOut: every tensor gets its place', () => {
  it('a gradient that is read outside has a border of zeros', () => {
    const { all } = aroundPass('layOut', 'wasm', sequence);
    expect(all).toEqual(
      expect.arrayContaining(['dz2: 1×4×4, 24 numbers, border zeros', 'z2: 1×4×4, 16 numbers, border none']),
    );
  });

  it('what a batch adds up is added to, all else is given a value', () => {
    const { all } = aroundPass('layOut', 'wasm', single);
    expect(all).toEqual(expect.arrayContaining(['dz1 = z1 − t', 'dW1[n] += dz1·x[n]   for all n', 'x[n] = input[n]']));
  });
});
