import { beforeAll, describe, expect, it } from 'vitest';
import { generate } from '../../generator/index.ts';
import type { Form } from '../../generator/pipeline.ts';
import { forward, loss } from '../../generator/reference/interpreter.ts';
import { forms } from './forms.ts';
import { compareGradients } from './gradientsAgree.ts';
import { type AnyModel, load, relativeError } from './load.ts';
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
  {
    name: 'residualWithSkips',
    input: [8, 7, 3],
    layers: [
      { ...conv, padding: 'same', activation: 'relu', name: 'stem' },
      { ...conv, padding: 'same', groups: 2, useBias: false },
      { type: 'batchNormalization' },
      { type: 'add', inputs: ['stem', 'batchNormalization1'] },
      { type: 'activation', activation: 'relu', name: 'block' },
      { type: 'maxPooling2d', name: 'pooled' },
      { type: 'averagePooling2d', inputs: ['block'], name: 'averaged' },
      { type: 'concatenate', inputs: ['pooled', 'averaged', 'pooled'] },
      { type: 'depthwiseConv2d', kernelSize: 2, depthMultiplier: 2, activation: 'silu' },
      { type: 'globalAveragePooling2d' },
      { type: 'dense', units: 3, activation: 'softmax' },
    ],
    loss: 'categoricalCrossentropy',
  },
  {
    name: 'downAndUp',
    input: [7, 6, 2],
    layers: [
      { ...conv, padding: 'same', activation: 'silu', name: 'wide' },
      { type: 'maxPooling2d', poolSize: [3, 2], strides: 2, padding: 'same' },
      { type: 'conv2dTranspose', filters: 4, kernelSize: 3, strides: 2, padding: 'same', activation: 'tanh' },
      { type: 'conv2d', filters: 4, kernelSize: [2, 1], name: 'narrow' },
      { type: 'multiply', inputs: ['narrow', 'wide', 'narrow'] },
      { type: 'upSampling2d', size: [1, 2] },
      { type: 'conv2d', filters: 1, kernelSize: 2, activation: 'sigmoid' },
    ],
  },
] as const;

describe.each(specs.map((spec) => [spec.name, spec] as const))('%s', (_, spec) => {
  const sample = sampleOf(spec, 11);
  const { network, parameters, input, given } = sample;

  /** A model of each form after one pass, and its loss. */
  const ran = new Map<Form, readonly [AnyModel, number]>();
  beforeAll(async () => {
    for (const form of forms) {
      const model = (await load(spec, { inputGradient: true, form })).createModel(parameters);
      model.forward(input);
      ran.set(form, [model, model.backward(given)]);
    }
  });

  it('is split over functions when written out', () => {
    const text = generate(spec, { inputGradient: true, form: 'unrolled' })[0]!.content;
    const functions = [...text.matchAll(/^ {2}function (?:forward|backward)\w+\(/gm)];
    expect(functions.length).toBeGreaterThan(2);
  });

  it.each(forms)('has the output and the loss of the reference in the form %s', (form) => {
    const [model, found] = ran.get(form)!;
    expect(relativeError(model.output, forward(network, parameters, input))).toBeLessThan(1e-12);
    if (network.loss !== undefined)
      expect(relativeError([found], [loss(network, parameters, input, given)])).toBeLessThan(1e-12);
  });

  it('has the gradients that differences of the reference show', () => {
    const { slots, skipped, wrong } = compareGradients(sample, ran.get(forms[0])![0]);
    expect(wrong).toEqual([]);
    expect(skipped / slots).toBeLessThan(0.02);
  });

  it.each(forms.slice(1))(`has the gradients of the form ${forms[0]} in the form %s`, (form) => {
    const [[found], [expected]] = [ran.get(form)!, ran.get(forms[0])!];
    for (const buffer of ['gradients', 'inputGradient'] as const)
      expect(relativeError(found[buffer], expected[buffer]), buffer).toBeLessThan(1e-12);
  });
});
