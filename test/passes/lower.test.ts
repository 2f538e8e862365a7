import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { single } from './small.ts';

describe('lower: equations become loops, loads, locals and stores', () => {
  it('a sum of two products is two additions to a local', () => {
    const { all } = aroundPass('lower', 'fast', single);
    const lines = [
      'forward_dense1:',
      'let z1_0 = 0;',
      'const W1_0 = W1[0];',
      'z1_0 += W1_0 * x_0;',
      'z1_0 += W1_1 * x_1;',
      'z1Array[0] = z1_0;',
    ];
    expect(all.filter((line) => lines.includes(line))).toEqual(lines);
  });

  it('addresses are bytes where numbers are float32', () => {
    const { all } = aroundPass('lower', 'wasm', single);
    expect(all).toEqual(expect.arrayContaining(['const W1_1 = W1[4];']));
  });

  it('the step of the optimiser is a loop beside them', () => {
    const { all } = aroundPass('lower', 'fast', single);
    const lines = ['step:', 'for (let n = 0; n < 2; n++) {', 'gradients[n] = 0;'];
    expect(all.filter((line) => lines.includes(line))).toEqual(lines);
  });
});
