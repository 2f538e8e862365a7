import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { single } from './small.ts';

describe('inlineOnce: what is used once is written where it is used', () => {
  it('loads, sums and the step', () => {
    const { come } = aroundPass('inlineOnce', 'fast', single);
    expect(come).toEqual([
      'z1Array[0] = W1[0] * x[0] + W1[1] * x[1];',
      'const L_0 = z1Array[0] - tArray[0];',
      'dz1Array[0] = z1Array[0] - tArray[0];',
      'dW1[0] += dz1_0 * x[0];',
      'dW1[1] += dz1_0 * x[1];',
      'parameters[n] -= rate * gradients[n];',
    ]);
  });
});
