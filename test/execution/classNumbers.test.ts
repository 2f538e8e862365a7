import { describe, expect, it } from 'vitest';
import { stages } from '../../generator/pipeline.ts';
import { loss as referenceLoss } from '../../generator/reference/interpreter.ts';
import { load } from './load.ts';

const spec = (reduction: string) => ({
  name: 'classes',
  input: [2, 1, 3],
  layers: [{ type: 'activation', activation: 'softmax' }],
  loss: { type: 'sparseCategoricalCrossentropy', reduction },
});
const input = [1, 2, 3, 0, -1, 1];

describe.each(['unrolled', 'fast', 'wasm'] as const)('a class number that no class has, in the form %s', (form) => {
  it.each([3, -1, 1.5, -100, 1e6])('%s adds nothing to the loss, its mean and the gradients', async (wrong) => {
    for (const reduction of ['sum', 'mean']) {
      const { createModel } = await load(spec(reduction), { form, inputGradient: true });
      const model = createModel();
      model.forward(input);
      const found = model.backward([wrong, 2]);
      // Of the second place alone: −log softmax([0, −1, 1])[2].
      expect(found).toBeCloseTo(Math.log(1 + Math.exp(-1) + Math.exp(-2)), 6);
      expect(found).toBeCloseTo(referenceLoss(stages.parse(spec(reduction)), [], input, [wrong, 2]), 6);
      expect([...model.inputGradient].slice(0, 3).map(Math.abs)).toEqual([0, 0, 0]);
      expect(model.backward([wrong, wrong])).toBeCloseTo(0, 10);
    }
  });
});
