import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { sequence } from './small.ts';

describe('splitBatch: a batch does once what no sample changes', () => {
  it('a copy of a kernel is a part of its own', () => {
    const { all } = aroundPass('splitBatch', 'wasm', sequence);
    const lines = [
      'backward:',
      'dz1[w,c] = Σ_{o,q} dz2[w−q+1,o]·W2ˡ[q,o,c]',
      'prepare:',
      'W2ˡ[q,o,c] = W2[q,c,o]',
      'finish:',
    ];
    expect(all.filter((line) => lines.includes(line))).toEqual(lines);
  });
});
