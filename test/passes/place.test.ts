import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { single } from './small.ts';

describe('place: every array has its bytes in one memory', () => {
  it('parameters and gradients side by side, everything at a multiple of 16', () => {
    const { come } = aroundPass('place', 'wasm', single);
    expect(come).toEqual([
      'parameters: from byte 0 on',
      'gradients: from byte 16 on',
      'W1: from byte 0 on',
      'dW1: from byte 16 on',
      'x: from byte 32 on',
      'z1: from byte 48 on',
      't: from byte 64 on',
      'L: from byte 80 on',
      'dz1: from byte 96 on',
      'input: from byte 32 on',
      '624 bytes',
    ]);
  });
});
