import { describe, expect, it } from 'vitest';
import { loss as lossOf } from '../../generator/reference/interpreter.ts';
import { forms } from './forms.ts';
import { compareGradients } from './gradientsAgree.ts';
import { load, relativeError } from './load.ts';
import { sampleOf } from './sample.ts';

interface Batches {
  trainBatch(inputs: ArrayLike<number>, targets: ArrayLike<number>, count: number, rate: number): number;
}

const conv = (activation: string) => [{ type: 'conv2d', filters: 3, kernelSize: 2, padding: 'same', activation }];
const some = [1, 1, 2, 0, 0.5, 0.5, 1, 1, 1, 1, 3, 1];

/** Every loss with options, behind what it is made for. */
const endings = [
  [{ type: 'squaredError', reduction: 'mean' }, 'tanh'],
  [{ type: 'meanSquaredError', weights: some }, 'tanh'],
  ['meanAbsoluteError', 'tanh'],
  [{ type: 'huber', delta: 0.5 }, 'linear'],
  [{ type: 'hinge', squared: true, zeroOne: true, reduction: 'sum' }, 'linear'],
  ['poisson', 'softplus'],
  [{ type: 'binaryCrossentropy', weights: some, reduction: 'sum' }, 'sigmoid'],
  [{ type: 'binaryCrossentropy', fromLogits: true }, 'linear'],
  [{ type: 'binaryCrossentropy', epsilon: 1e-3 }, 'sigmoid'],
  ['categoricalCrossentropy', 'logSoftmax'],
  [{ type: 'categoricalCrossentropy', fromLogits: true, reduction: 'mean', labelSmoothing: 0.1 }, 'linear'],
  [{ type: 'categoricalCrossentropy', classWeights: [1, 0.5, 2], reduction: 'mean' }, 'softmax'],
  ['sparseCategoricalCrossentropy', 'softmax'],
  [{ type: 'sparseCategoricalCrossentropy', fromLogits: true, reduction: 'mean', ignoreClass: 1 }, 'linear'],
  [{ type: 'sparseCategoricalCrossentropy', classWeights: [1, 3, 3], reduction: 'mean' }, 'logSoftmax'],
  [{ type: 'negativeLogLikelihood', reduction: 'mean', ignoreClass: 2 }, 'logSoftmax'],
  [{ type: 'categoricalCrossentropy', fromProbabilities: true }, 'sigmoid'],
  [{ type: 'sparseCategoricalCrossentropy', fromProbabilities: true, reduction: 'mean' }, 'softplus'],
  [{ type: 'binaryCrossentropy', fromProbabilities: true }, 'hardSigmoid'],
  ['meanAbsolutePercentageError', 'tanh'],
  ['meanSquaredLogarithmicError', 'tanh'],
  [{ type: 'logCosh', weights: some }, 'linear'],
  [{ type: 'squaredHinge', zeroOne: true }, 'linear'],
  ['categoricalHinge', 'linear'],
  ['kullbackLeiblerDivergence', 'sigmoid'],
  [{ type: 'cosineProximity', reduction: 'sum' }, 'linear'],
  [{ type: 'cosineDistance', weights: [1, 2, 0, 0.5] }, 'tanh'],
] as const;

/** Losses over classes behind a layer that shows the same numbers in another shape: its last axis has the classes. */
const views = [
  [{ type: 'categoricalCrossentropy', reduction: 'mean' }, 'softmax'],
  [{ type: 'categoricalCrossentropy', labelSmoothing: 0.1 }, 'softmax'],
  [{ type: 'categoricalCrossentropy', fromLogits: true }, 'tanh'],
  [{ type: 'categoricalCrossentropy', classWeights: [1, 2] }, 'logSoftmax'],
  ['sparseCategoricalCrossentropy', 'softmax'],
  [{ type: 'sparseCategoricalCrossentropy', fromLogits: true, reduction: 'mean' }, 'linear'],
  [{ type: 'negativeLogLikelihood', ignoreClass: 1 }, 'logSoftmax'],
  [{ type: 'binaryCrossentropy', weights: some }, 'sigmoid'],
  ['cosineProximity', 'tanh'],
] as const;

const whole = ['categoricalCrossentropy', 'softmax'] as const;

/** A spec whose last layers show the convolution's 2×2×3 numbers in other shapes. */
const specs = [
  ...endings.map(([loss, name]) => ({ layers: conv(name), loss })),
  ...views.map(([loss, name]) => ({ layers: [...conv(name), { type: 'reshape', shape: [6, 2] }], loss })),
  { layers: [...conv(whole[1]), { type: 'flatten' }], loss: whole[0] },
  { layers: [...conv(whole[1]), { type: 'flatten' }], loss: { type: 'sparseCategoricalCrossentropy' } },
];

describe.each(forms)('in the form %s', (form) => {
  it.each(specs)(
    'the loss $loss behind $layers is that of the reference, and its gradients are its slopes',
    async (ending) => {
      const spec = { name: 'ending', input: [2, 2, 2], ...ending };
      const sample = sampleOf(spec, 3);
      const { createModel } = await load(spec, { form, inputGradient: true });
      const model = createModel(sample.parameters);
      const output = model.forward(sample.input);
      const found = model.backward(sample.given);
      expect(
        relativeError([found], [lossOf(sample.network, sample.parameters, sample.input, sample.given)]),
      ).toBeLessThan(1e-12);
      const { gradients, inputGradient } = model;
      expect(compareGradients(sample, { output, gradients, inputGradient } as never).wrong).toEqual([]);
      // Whole batches take the same targets.
      const other = createModel(sample.parameters) as unknown as Batches;
      const twice = (values: readonly number[]) => [...values, ...values];
      expect(other.trainBatch(twice(sample.input), twice(sample.given), 2, 0)).toBeCloseTo(found as number, 12);
    },
  );
});

it('A place of the ignored class adds nothing, and a target of ignored places alone has the loss 0', async () => {
  const loss = { type: 'sparseCategoricalCrossentropy', fromLogits: true, reduction: 'mean', ignoreClass: -1 };
  const spec = { name: 'ignored', input: [2, 1, 3], layers: [{ type: 'activation', activation: 'linear' }], loss };
  const { createModel } = await load(spec, { inputGradient: true });
  const model = createModel();
  model.forward([1, 2, 3, 0, 0, 0]);
  expect(model.backward([-1, 1])).toBeCloseTo(Math.log(3), 14);
  expect([...model.inputGradient].slice(0, 3)).toEqual([0, 0, 0]);
  expect(model.backward([-1, -1])).toBe(0);
  expect([...model.inputGradient]).toEqual([0, 0, 0, 0, 0, 0]);
});
