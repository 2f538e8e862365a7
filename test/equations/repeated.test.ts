import { describe, expect, test } from 'vitest';
import { type AnyModel, type AnyModule, load } from '../execution/load.ts';
import { randomNumbers, sizeOf } from '../execution/randomNumbers.ts';

/** The forms in float64. */
const forms = ['unrolled', 'fast'] as const;

const valid = [
  [0, 1],
  [1, 0],
];

/** Networks whose arrays are added to, or written in part: what one call leaves there must not reach the next. */
const specs: Readonly<Record<string, object>> = {
  'windows that overlap': {
    layers: [
      { type: 'conv2d', filters: 3, kernelSize: 3, padding: 'same', strides: 2, activation: 'softplus' },
      { type: 'averagePooling2d', poolSize: 2, strides: 1, padding: 'same' },
    ],
  },
  'winners that move': {
    layers: [
      { type: 'maxPooling2d', poolSize: 3, strides: 1, padding: 'same' },
      { type: 'maxPooling2d', poolSize: 2, strides: 1, ties: 'all' },
      { type: 'globalMaxPooling2d' },
    ],
  },
  'winners between convolutions': {
    layers: [
      { type: 'conv2d', filters: 2, kernelSize: 2, activation: 'relu' },
      { type: 'maxPooling2d', poolSize: 2 },
      { type: 'conv2d', filters: 2, kernelSize: [2, 1], activation: 'tanh' },
    ],
  },
  'gaps between stamps': {
    input: [3, 2, 2],
    layers: [
      { type: 'conv2dTranspose', filters: 2, kernelSize: 2, strides: 3, useBias: false },
      { type: 'conv2dTranspose', filters: 1, kernelSize: 3, strides: 2, padding: valid, activation: 'relu' },
    ],
  },
  'borders of zeros': {
    layers: [
      { type: 'zeroPadding2d', padding: valid },
      { type: 'depthwiseConv2d', kernelSize: 2, depthMultiplier: 2, padding: 'same' },
      { type: 'upSampling2d' },
    ],
  },
  'values read twice': {
    layers: [
      { type: 'conv2d', name: 'a', filters: 2, kernelSize: 1, activation: 'sigmoid' },
      { type: 'multiply', inputs: ['a', 'a'] },
      { type: 'concatenate', inputs: ['multiply1', 'a', 'input'] },
      { type: 'batchNormalization' },
    ],
  },
  'a loss': {
    layers: [{ type: 'flatten' }, { type: 'dense', units: 4, activation: 'softmax' }],
    loss: 'categoricalCrossentropy',
  },
};

/** One sample through a model: everything that it shows of it. */
function pass(network: AnyModule['network'], model: AnyModel, sample: number): Record<string, readonly number[]> {
  const output = [...model.forward(randomNumbers(sizeOf(network.inputShape), sample, -1, 1))];
  const loss = model.backward(randomNumbers(output.length, sample + 100, 0, 1));
  return { output, loss: [loss], gradients: [...model.gradients], inputGradient: [...model.inputGradient] };
}

describe.each(forms)('in the form %s', (form) => {
  test.each(Object.entries(specs))('%s: no sample leaves a trace in the next', async (_, spec) => {
    const { network, createModel } = await load(
      { name: 'repeated', input: [5, 4, 2], ...spec },
      { form, inputGradient: true },
    );
    const parameters = randomNumbers(network.parameterCount, 7, 0.1, 1);
    const used = createModel(parameters);
    for (const sample of [1, 2]) pass(network, used, sample);
    used.step(0);
    expect(pass(network, used, 3)).toEqual(pass(network, createModel(parameters), 3));
  });

  test.each(Object.entries(specs))('%s: gradients add up over samples', async (_, spec) => {
    const { network, createModel } = await load(
      { name: 'repeated', input: [5, 4, 2], ...spec },
      { form, inputGradient: true },
    );
    const parameters = randomNumbers(network.parameterCount, 8, 0.1, 1);
    const [first, second] = [1, 2].map((sample) => pass(network, createModel(parameters), sample).gradients!);
    const model = createModel(parameters);
    pass(network, model, 1);
    const { gradients } = pass(network, model, 2);
    // Another order of the sums may round otherwise.
    for (const [n, gradient] of gradients!.entries()) expect(gradient).toBeCloseTo(first![n]! + second![n]!, 12);
  });
});
