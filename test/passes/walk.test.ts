import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { dense } from './small.ts';

describe('walk: addresses move on with the loop', () => {
  it('a counter that nobody reads stands still', () => {
    const { gone, come } = aroundPass('walk', 'wasm', dense);
    expect(gone).toEqual([
      'for (let o = 0; o < 2; o++) {',
      'for (let n = 0; n < 3; n++) {',
      'const x_n = 4 * n;',
      'const dW1_no = dz1_o + 8 * n;',
    ]);
    expect(come).toEqual([
      'for (let o = 0, a1_o = 4 * o; o < 2; o++, a1_o += 4) {',
      'for (let n = 0, x_n = 4 * n, dW1_no = dz1_o + 8 * n; n < 3; n++, x_n += 4, dW1_no += 8) {',
    ]);
  });
});
