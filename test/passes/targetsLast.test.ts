import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { sequence } from './small.ts';

describe('targetsLast: a kernel is read along what a vector holds', () => {
  it('in a copy with the last two axes changed', () => {
    const { come } = aroundPass('targetsLast', 'wasm', sequence);
    expect(come.filter((line) => /^\w+: /.test(line))).toEqual([
      'conv1d2: W2ˡ[q,o,c] = W2[q,c,o]',
      'conv1d2: dz1[w,c] = Σ_{o,q} dz2[w−q+1,o]·W2ˡ[q,o,c]',
    ]);
  });
});
