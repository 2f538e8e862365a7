import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { single } from './small.ts';

describe('cut: statements are distributed over functions', () => {
  it('which load, compute and store', () => {
    const { come } = aroundPass('cut', 'unrolled', single);
    expect(come).toEqual([
      'forward_dense1:',
      'const W1_0 = W1[0], W1_1 = W1[1];',
      'const x_0 = x[0], x_1 = x[1];',
      'z1Array[0] = z1;',
      'lossPass:',
      'const z1 = z1Array[0];',
      'const t = tArray[0];',
      'LArray[0] = L;',
      'backward_loss:',
      'const z1 = z1Array[0];',
      'const t = tArray[0];',
      'const x_0 = x[0], x_1 = x[1];',
      'dW1[0] += dW1_0; dW1[1] += dW1_1;',
    ]);
  });
});
