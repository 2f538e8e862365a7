import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { single } from './small.ts';

describe('writeOut: a statement for each element', () => {
  it('of a sum of two products, its loss and its gradients', () => {
    const { come } = aroundPass('writeOut', 'unrolled', single);
    expect(come).toEqual([
      'forward z1:',
      'const z1 = W1_0 * x_0 + W1_1 * x_1;',
      'loss L:',
      'const L = 0.5 * ((z1 - t) * (z1 - t));',
      'backward dz1:',
      'const dz1 = z1 - t;',
      'backward dW1:',
      'const dW1_0 = dz1 * x_0;',
      'const dW1_1 = dz1 * x_1;',
    ]);
  });
});
