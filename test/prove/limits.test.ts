import { expect, test } from 'vitest';
import { proveNetwork } from '../../generator/prove/index.ts';

// Numbers that are always positive, negative, far above and far below: there one arm is never left.
const shifts = [
  { name: 'positive', scale: 1 },
  { name: 'negative', scale: -1 },
  { name: 'above', scale: 1, offset: 20 },
  { name: 'below', scale: 1, offset: -20 },
].map((shift) => ({ type: 'rescaling', inputs: ['activation1'], ...shift }));
const start = { type: 'activation', activation: 'sigmoid' };

const forms = ['unrolled', 'wasm'] as const;

test.each([
  { activation: 'relu', maxValue: 2 },
  { activation: 'relu6' },
  { activation: 'hardSigmoid' },
  { activation: 'hardSigmoid', alpha: 0.2, beta: 0.4 },
  { activation: 'hardSwish' },
  { activation: 'clip', minValue: -1, maxValue: 2 },
  { activation: 'clip', minValue: 1, maxValue: 2 },
  { activation: 'thresholdedRelu', theta: 1.5 },
  { activation: 'hardShrink', theta: 1.5 },
  { activation: 'softShrink', theta: 1.5 },
])('Where $activation is always on one side of its limits it is proved', (activation) => {
  const ends = shifts.map(({ name }) => ({ type: 'activation', name: `${name}End`, inputs: [name], ...activation }));
  const join = { type: 'concatenate', inputs: ends.map(({ name }) => name) };
  const spec = { name: 'limits', input: [1], layers: [start, ...shifts, ...ends, join], loss: 'squaredError' };
  for (const form of forms) expect(proveNetwork(spec, { form }).failures).toEqual([]);
});

test.each(shifts)('Where a difference of huber is always $name it is proved', (shift) => {
  const spec = { name: 'limits', input: [2], layers: [start, shift], loss: { type: 'huber', delta: 0.5 } };
  for (const form of forms) expect(proveNetwork(spec, { form }).failures).toEqual([]);
});

test('Where a probability is always 1 its limits are proved', () => {
  const loss = { type: 'categoricalCrossentropy', fromProbabilities: true };
  const spec = { name: 'limits', input: [2], layers: [{ type: 'dense', units: 1, activation: 'sigmoid' }], loss };
  for (const form of forms) expect(proveNetwork(spec, { form }).failures).toEqual([]);
});

test('Lanes that nothing uses may be compared with a limit: of two numbers a vector has two more', () => {
  const layers = [
    { type: 'conv2d', filters: 1, kernelSize: 1, trainable: false },
    { type: 'conv2d', filters: 1, kernelSize: 1, activation: 'relu6' },
  ];
  expect(proveNetwork({ name: 'lanes', input: [2, 1, 1], layers }, { form: 'wasm' }).failures).toEqual([]);
});

const behindLimits = [
  { activation: 'relu6' },
  { activation: 'relu', maxValue: 0.2 },
  { activation: 'hardSigmoid' },
  { activation: 'clip', minValue: -0.3, maxValue: 0.1 },
].flatMap((activation) => [3, 4].map((poolSize) => ({ ...activation, poolSize })));

test.each(behindLimits)('Of a pool over $poolSize means of $activation some are computed from limits alone', (one) => {
  const { poolSize, ...activation } = one;
  const layers = [
    { type: 'conv1d', filters: 1, kernelSize: 2, ...activation },
    { type: 'averagePooling1d', poolSize: 3, strides: 1 },
    { type: 'maxPooling1d', poolSize, strides: 1 },
  ];
  for (const form of ['unrolled', 'fast'] as const) {
    expect(proveNetwork({ name: 'limits', input: [9, 1], layers }, { form }).failures).toEqual([]);
  }
});
