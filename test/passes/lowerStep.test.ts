import { describe, expect, it } from 'vitest';
import { aroundPass } from './aroundPass.ts';
import { single } from './small.ts';

describe("lowerStep: the optimiser's step becomes loops", () => {
  it('over all parameters', () => {
    const { gone, come } = aroundPass('lowerStep', 'unrolled', single);
    expect(gone).toEqual([]);
    expect(come).toEqual([
      'step:',
      'for (let n = 0; n < 2; n++) {',
      'parameters[n] -= rate * gradients[n];',
      'gradients[n] = 0;',
      '}',
    ]);
  });

  it('not where nothing learns', () => {
    const { come } = aroundPass('lowerStep', 'unrolled', single, { inference: true });
    expect(come).toEqual([]);
  });
});
