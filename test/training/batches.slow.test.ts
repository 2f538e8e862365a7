import { expect, test, vi } from 'vitest';
import { subjectOf } from '../../generator/check/index.ts';
import { proveNetwork } from '../../generator/prove/index.ts';
import { broken, check, wrongRows } from '../check/subjects.ts';
import { proveMutant } from '../prove/subjects.ts';

vi.setConfig({ testTimeout: 120_000 });

const dropout = { type: 'dropout', rate: 0.25 };
const normal = { type: 'batchNormalization', statistics: 'batch' };

const specOf = (...between: readonly object[]) => ({
  name: 'trained',
  input: [4, 3, 2],
  layers: [
    { type: 'conv2d', filters: 2, kernelSize: 2, activation: 'tanh' },
    ...between,
    { type: 'flatten' },
    { type: 'dense', units: 3, activation: 'softmax' },
  ],
  loss: 'sparseCategoricalCrossentropy',
  optimizer: { type: 'adam', clipNorm: 1 },
});

const named = {
  ...specOf(),
  input: { picture: [3, 3, 1], facts: [2] },
  layers: [
    { type: 'conv2d', filters: 2, kernelSize: 2, inputs: ['picture'] },
    normal,
    dropout,
    { type: 'flatten' },
    { type: 'concatenate', inputs: ['flatten1', 'facts'] },
    { type: 'dense', name: 'kind', units: 3, activation: 'softmax' },
    { type: 'dense', name: 'place', units: 2, inputs: ['concatenate1'] },
  ],
  outputs: { kind: { loss: 'sparseCategoricalCrossentropy' }, place: { loss: 'squaredError', weight: 0.5 } },
  loss: undefined,
};

const specs = [
  ['dropout', specOf(dropout, { ...dropout, rate: 0.5, seed: 4 })],
  ['the statistics of the batch', specOf(normal, { type: 'activation', activation: 'silu' }, normal)],
  ['both', specOf(dropout, normal, dropout, normal)],
  ['both and named inputs and outputs', named],
  [
    'dropout at its end, no loss and no optimiser',
    { ...specOf(normal, dropout), loss: undefined, optimizer: undefined },
  ],
] as const;

test.each(specs)('A network with %s passes the check in every form', (_, spec) => {
  const result = check(subjectOf(spec));
  expect(wrongRows(result)).toEqual([]);
  expect(result.passed).toBe(true);
});

test.each(specs)('A network with %s is proved in every form', (_, spec) => {
  for (const form of ['unrolled', 'fast', 'wasm'] as const) {
    expect([form, proveNetwork(spec, { form, rounds: 12 }).failures]).toEqual([form, []]);
  }
});

test.each([
  ['drawn with other numbers', 'randomNumbers(seed + ', 'randomNumbers(seed + 1 + '],
  ['that stays behind', '.fill(1);\n', '.fill(2);\n'],
])('A mask %s is noticed by the check', (_, from, to) => {
  expect(wrongRows(check(broken(subjectOf(specs[0][1]), from, to))).join()).toContain('backwardBatch adds the sum');
});

test.each([
  ['the gradient through the means', 'layer.dBeta[c] / ', '0 * layer.dBeta[c] / ', 'differences of the batch'],
  ['the averages', '* (1 - layer.momentum)', '* (1.001 - layer.momentum)', 'loss, moving averages'],
  ['what a later backward computes', 'layer.tilt.fill(0);', '', 'loss, moving averages'],
])('A batch that spoils %s is noticed by the check', (_, from, to, row) => {
  expect(wrongRows(check(broken(subjectOf(specs[1][1]), from, to))).join()).toContain(row);
});

test.each([
  ['a mean of dy over the samples alone', 'layer.dBeta[c] / (count * layer.places)', 'layer.dBeta[c] / count'],
  [
    'an unbiased variance',
    'layer.squares[c] / (count * layer.places)',
    'layer.squares[c] / (count * layer.places - 1)',
  ],
  ['layers from below to above', 'let n = normalised.length - 1; n >= 0; n--', 'let n = 0; n < normalised.length; n++'],
  ['other masks each time', '    drawAgain();\n    gradients.set', '    gradients.set'],
  ['a share that stays behind', 'layer.pull.fill(0);', ''],
  ['averages that do not move', 'layer.moving[c] * layer.momentum + ', 'layer.moving[c] + 0 * '],
  ['gradients that were there lost', 'gradients.set(gradientsBefore);', 'gradients.fill(1);'],
])('A batch with %s is noticed by the proof', (_, from, to) => {
  const { failures } = proveMutant(specs[2][1], from, to, 'fast', 2);
  expect(failures.map(({ claim }) => claim)).toContain('batch');
});
