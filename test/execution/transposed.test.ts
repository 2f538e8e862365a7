import { describe, expect, it } from 'vitest';
import { forms } from './forms.ts';
import { load } from './load.ts';
import { randomNumbers } from './randomNumbers.ts';
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

it.each(forms)('behind a dropout it adds up in one order, with training and without, in the form %s', async (form) => {
  const layers = [
    { type: 'dropout', rate: 0 },
    { type: 'conv2dTranspose', filters: 1, kernelSize: [3, 1] },
  ];
  const spec = { name: 'dropped', input: [6, 1, 1], layers };
  const [trained, lean] = await Promise.all(
    [false, true].map(async (inference) => {
      const model = (await load(spec, { form, inference })).createModel(randomNumbers(4, 1));
      return Array.from({ length: 20 }, (_, n) => Array.from(model.forward(randomNumbers(6, n + 2))));
    }),
  );
  expect(lean).toEqual(trained);
});
