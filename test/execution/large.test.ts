import { expect, it } from 'vitest';
import { generate } from '../../generator/index.ts';
import { forward, loss } from '../../generator/reference/interpreter.ts';
import { compareGradients } from './gradientsAgree.ts';
import { loadText, relativeError } from './load.ts';
import { sampleOf } from './sample.ts';

const conv = { type: 'conv2d', filters: 4, kernelSize: 3 } as const;

/** Networks whose passes do not fit into one function each. */
const specs = [
  {
    name: 'reluPoolSoftmax',
    input: [7, 9, 1],
    layers: [
      { ...conv, padding: 'same', activation: 'relu' },
      { type: 'maxPooling2d' },
      { ...conv, padding: 'same', activation: 'relu' },
      { type: 'maxPooling2d', poolSize: [2, 3], strides: 1 },
      { type: 'flatten' },
      { type: 'dense', units: 5, activation: 'softmax' },
    ],
    loss: 'categoricalCrossentropy',
  },
  {
    name: 'allTiesOverlapping',
    input: [9, 7, 2],
    layers: [
      {
        ...conv,
        padding: [
          [2, 1],
          [0, 1],
        ],
        strides: [2, 1],
        activation: 'relu',
      },
      { type: 'maxPooling2d', poolSize: 3, strides: 2, padding: 'same', ties: 'all' },
      { ...conv, padding: 'same', dilationRate: 2, flipKernel: true, activation: 'gelu' },
      { type: 'averagePooling2d', padding: 'same' },
    ],
  },
  {
    name: 'wideDense',
    input: [40],
    layers: [
      { type: 'dense', units: 24, activation: 'silu' },
      { type: 'dense', units: 24, useBias: false, activation: 'logSoftmax' },
      { type: 'dense', units: 3, activation: 'sigmoid' },
    ],
    loss: 'binaryCrossentropy',
  },
  {
    name: 'channelwiseSoftmax',
    input: [8, 7, 3],
    layers: [
      { ...conv, activation: 'softmax' },
      { ...conv, strides: 2, activation: 'hardSwish' },
      { type: 'flatten' },
      { type: 'dense', units: 4 },
    ],
    loss: 'meanSquaredError',
  },
] as const;

it.each(specs.map((spec) => [spec.name, spec] as const))(
  '%s, split over functions, agrees with the reference',
  async (_, spec) => {
    const text = generate(spec, { inputGradient: true, form: 'unrolled' })[0]!.content;
    const functions = [...text.matchAll(/^ {2}function (?:forward|backward)\w+\(/gm)];
    expect(functions.length).toBeGreaterThan(2);

    const sample = sampleOf(spec, 11);
    const { network, parameters, input, given } = sample;
    const model = (await loadText(text)).createModel(parameters);
    expect(relativeError(model.forward(input), forward(network, parameters, input))).toBeLessThan(1e-12);
    const found = model.backward(given);
    if (network.loss !== undefined)
      expect(relativeError([found], [loss(network, parameters, input, given)])).toBeLessThan(1e-12);
    const { slots, skipped, wrong } = compareGradients(sample, model);
    expect(wrong).toEqual([]);
    expect(skipped / slots).toBeLessThan(0.02);
  },
);
