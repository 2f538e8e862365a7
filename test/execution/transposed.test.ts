import { describe, expect, it } from 'vitest';
import { forms } from './forms.ts';
import { runOnce } from './runOnce.ts';

const layer = { type: 'conv2dTranspose', filters: 1, kernelSize: [1, 2], strides: [1, 3] } as const;
const none = [[0, 0], [0, 0]] as const; // biome-ignore format: one line

describe.each(forms)('conv2dTranspose with a stride larger than its kernel, in the form %s', (form) => {
  const run = (padding: unknown, given: readonly number[]) =>
    runOnce(
      { input: [1, 2, 1], layers: [{ ...layer, padding }] },
      // The kernel is [1, 10], the bias ½.
      { parameters: [1, 10, 0.5], input: [2, 3], given },
      { form },
    );

  it.each(['valid', 'same'])(
    "leaves the bias in its gaps, with '%s' behind the last stamp as well",
    async (padding) => {
      const found = await run(padding, [1, 2, 100, 3, 4, 1000]);
      expect(found.output).toEqual([2.5, 20.5, 0.5, 3.5, 30.5, 0.5]);
      expect(found.gradients).toEqual([1 * 2 + 3 * 3, 2 * 2 + 4 * 3, 1110]);
      expect(found.inputGradient).toEqual([1 + 20, 3 + 40]);
    },
  );

  it('ends with the last stamp where the padding is explicit', async () => {
    const found = await run(none, [1, 2, 100, 3, 4]);
    expect(found.output).toEqual([2.5, 20.5, 0.5, 3.5, 30.5]);
    expect(found.gradients).toEqual([11, 16, 110]);
  });

  it('forgets what an explicit padding cuts off', async () => {
    const padding = [[0, 0], [1, 2]]; // biome-ignore format: one line
    const found = await run(padding, [2, 100]);
    expect(found.output).toEqual([20.5, 0.5]);
    expect(found.gradients).toEqual([0, 4, 102]);
    expect(found.inputGradient).toEqual([20, 0]);
  });
});
