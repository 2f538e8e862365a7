import { describe, expect, it } from 'vitest';
import { dump } from '../../generator/index.ts';

const same = { padding: 'same', activation: 'relu' };

/** Two convolutions, so that the second one's input has a gradient. */
const planOf = (channels: number, options: object): string =>
  dump(
    {
      name: 'scalars',
      input: [16, 16, 3],
      layers: [
        { type: 'conv2d', filters: channels, kernelSize: 1, activation: 'relu' },
        { type: 'conv2d', filters: channels, ...same, ...options },
      ],
    },
    'plan',
    { form: 'fast', winograd: false },
  );

describe('loops over numbers one by one', () => {
  it('take blocks of 2 places and 4 channels for small kernels over many channels', () => {
    const plan = planOf(16, { kernelSize: 3 });
    expect(plan).toContain('order i < 16, j < 16, o < 16, p < 3, q < 3, c < 16; tile j by 2, o by 4');
    expect(plan).toContain('order h < 16, w < 16, c < 16, p < 3, q < 3, o < 16; tile w by 2, c by 4');
    expect(plan).toContain('order p < 3, q < 3, c < 16, o < 16, i < 16, j < 16; tile c by 2, o by 4');
  });

  it('write columns out for wide kernels and for few channels', () => {
    expect(planOf(16, { kernelSize: 5 })).toContain('written out j < 16, q < 5');
    expect(planOf(4, { kernelSize: 3 })).toContain('written out j < 16, q < 3');
  });

  it('add up what a scatter adds to one place before it is scattered', () => {
    expect(planOf(8, { kernelSize: 3, strides: 2 })).toMatch(
      /order i < 8, p < 3, q < 3, j < 8, c < 8, o < 8; tile j by 2/,
    );
  });
});
