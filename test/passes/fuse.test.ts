import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { dense } from './small.ts';

describe('fuse: equations that run over the same places share loops', () => {
  it('a relu is computed where its argument is', () => {
    const { all } = aroundPass('fuse', 'wasm', dense);
    const lines = [
      'forward of dense1:',
      'z1[o] = b1[o] + Σ_n W1[n,o]·x[n]',
      'with a1[o] = relu(z1[o])',
      'loss of loss:',
    ];
    expect(all.filter((line) => lines.includes(line))).toEqual(lines);
  });

  it('not in fast, where sums are not followed', () => {
    const { all } = aroundPass('fuse', 'fast', dense);
    const lines = ['z1[o] = b1[o] + Σ_n W1[n,o]·x[n]', 'a1[o] = relu(z1[o])'];
    expect(all.filter((line) => lines.includes(line))).toEqual(lines);
  });
});
