import { describe, expect, it } from 'vitest';
import type { NetworkSpec } from '../../generator/index.ts';
import { load } from './load.ts';

/** The second place lies in padding alone: its weighted sum is known to be 0, but a function of 0 need not be 0. */
const spec: NetworkSpec = {
  name: 'padded',
  input: [1, 1, 1],
  layers: [
    {
      type: 'conv2d',
      filters: 1,
      kernelSize: 1,
      useBias: false,
      padding: [
        [0, 0],
        [0, 1],
      ],
    },
    { type: 'activation', activation: 'sigmoid' },
  ],
  loss: 'binaryCrossentropy',
};

describe.each(['unrolled', 'fast'] as const)('a weighted sum that is 0 for its padding, in %s', (form) => {
  it('has the loss of its place and no gradient', async () => {
    const model = (await load(spec, { form })).createModel([0.5]);
    model.forward([2]);
    const u = 0.5 * 2;
    // −(t·log σ(u) + (1 − t)·log(1 − σ(u))) of both places; the second has u = 0, so log 2 whatever its target.
    const first = Math.log(1 + Math.exp(-u));
    expect(model.backward([1, 0.25])).toBeCloseTo((first + Math.log(2)) / 2, 14);
    expect(model.gradients[0]).toBeCloseTo((2 * (1 / (1 + Math.exp(-u)) - 1)) / 2, 14);
  });
});
