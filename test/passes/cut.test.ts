import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { single } from './small.ts';

describe('cut: statements are distributed over functions', () => {
  it('which load, compute and store', () => {
    const { come } = aroundPass('cut', 'unrolled', single);
    expect(come).toEqual([
      'forward_dense1:',
      'load W1_0, W1_1, x_0, x_1',
      'const z1 = W1_0 * x_0 + W1_1 * x_1;',
      'store z1',
      'lossPass:',
      'load z1, t',
      'const L = 0.5 * ((z1 - t) * (z1 - t));',
      'store L',
      'backward_loss:',
      'load z1, t, x_0, x_1',
      'const dz1 = z1 - t;',
      'const dW1_0 = dz1 * x_0;',
      'const dW1_1 = dz1 * x_1;',
      'store dW1_0, dW1_1',
    ]);
  });
});
