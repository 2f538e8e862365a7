import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { single } from './small.ts';

describe('fillLanes: code says how many numbers it is of', () => {
  it('half a vector, numbers that fill it, and a function of one number', () => {
    const { gone, come } = aroundPass('fillLanes', 'wasm', single);
    expect(gone).toEqual([
      'LArray[0] = 0.5 * (L_0 * L_0);',
      'const dz1_0 = dz1Array[0];',
      'dW1[x_n] += dz1_0 * x[x_n];',
      'parameters[parameters_n] -= rate * gradients[parameters_n];',
      'gradients[parameters_n] = 0;',
    ]);
    expect(come).toEqual([
      'LArray[0] = 0.5 * extract(splat(L_0) * splat(L_0));',
      'const dz1_0 = splat(dz1Array[0]);',
      'dW1[x_n]:2 += dz1_0 * x[x_n]:2;',
      'parameters[parameters_n]:2 += splat(-1) * splat(rate) * gradients[parameters_n]:2;',
      'gradients[parameters_n]:2 = splat(0);',
    ]);
  });
});
