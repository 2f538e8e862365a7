import { expect, it, test } from 'vitest';
import { generate } from '../../generator/index.ts';
import { stages } from '../../generator/pipeline.ts';
import { proveNetwork } from '../../generator/prove/index.ts';
import { everyForm } from '../cases/everyForm.ts';

const normal = { type: 'batchNormalization', statistics: 'batch', momentum: 0.75 };

const spec = {
  name: 'batch',
  input: [3, 3, 2],
  layers: [
    { type: 'conv2d', filters: 2, kernelSize: 2, activation: 'tanh' },
    normal,
    { type: 'dropout', rate: 0.4 },
    { type: 'flatten' },
    // Its momentum is the default.
    { type: 'batchNormalization', statistics: 'batch' },
    { type: 'dense', units: 2 },
  ],
  loss: 'squaredError',
};

const textOf = (layers: readonly object[], options = {}): string =>
  generate({ ...spec, layers }, { form: 'fast', ...options })[0]!.content;

test('The derivative through the means and variances of two layers, with dropout between them, is proved', () => {
  expect(proveNetwork(spec, { form: 'fast', rounds: 6 }).failures).toEqual([]);
});

it.each(everyForm)('the same batch gives the same numbers with named ends in the form $form', async ({ load }) => {
  const named = {
    ...spec,
    input: { picture: [3, 3, 2] },
    layers: [{ ...spec.layers[0], inputs: ['picture'] }, ...spec.layers.slice(1)],
    outputs: { dense1: { loss: 'squaredError' } },
    loss: undefined,
  };
  const [plain, ends] = (await Promise.all([load(spec), load(named)])).map((module) => {
    // biome-ignore lint/suspicious/noExplicitAny: their arguments differ.
    return module.createModel() as any;
  });
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => Math.sin(1 + n * 1.7));
  for (const model of [plain, ends]) {
    model.initialize(3);
    model.parameters.set(numbers(model.parameters.length).map((value) => 1 + value / 2));
  }
  for (let step = 0; step < 2; step++) {
    const loss = plain.trainBatch(numbers(54), numbers(6), 3, 0.1);
    expect(ends.trainBatch({ picture: numbers(54) }, { dense1: numbers(6) }, 3, 0.1)).toBe(loss);
    expect([...ends.parameters]).toEqual([...plain.parameters]);
  }
});

test('Moving statistics, a layer that is held fixed, and a module for inference have nothing of a batch', () => {
  const moving = [{ type: 'batchNormalization' }];
  expect(textOf(moving)).not.toMatch(/normalised:/);
  expect(textOf([normal])).toMatch(/normalised:/);
  // Only what is said of the spec differs.
  const withoutDigest = (text: string): string =>
    text.replace(/digest\s\S+/, '').replace(/, statistics batch, momentum 0.75/, '');
  expect(withoutDigest(textOf([{ ...normal, trainable: false }]))).toBe(
    withoutDigest(textOf([{ ...moving[0], trainable: false }])),
  );
  expect(withoutDigest(textOf([normal], { inference: true }))).toBe(withoutDigest(textOf(moving, { inference: true })));
});

test.each([
  [
    [{ ...normal, statistics: 'mean' }],
    "layers[0].statistics: found \"mean\"; expected 'moving', 'batch' or 'learned'",
  ],
  [[{ ...normal, momentum: 1 }], 'layers[0].momentum: found 1; expected a number from 0 up to, not including, 1'],
  [
    [
      { ...normal, name: 'a' },
      { type: 'batchNormalization', weightsOf: 'a' },
    ],
    'layers[1].weightsOf: found "a" in a layer with the statistics of the batch; expected a layer of its own, or both with statistics \'moving\'',
  ],
  [
    [
      { type: 'batchNormalization', name: 'a' },
      { type: 'batchNormalization', weightsOf: 'a', statistics: 'batch' },
    ],
    'layers[1].weightsOf: found "a" in a layer with the statistics of the batch; expected a layer of its own, or both with statistics \'moving\'',
  ],
])('The layers %j are told what is wrong', (layers, message) => {
  expect(() => stages.parse({ ...spec, layers })).toThrow(message);
});
