import { describe, expect, test } from 'vitest';
import { optimizers } from '../../generator/layers/optimizers/registry.ts';
import { activationNames } from '../../generator/layers/options.ts';
import { proveNetwork } from '../../generator/prove/index.ts';
import { kinds, specOfKind } from './kinds.ts';
import { example } from './subjects.ts';

describe.each(['unrolled', 'fast'] as const)('the %s form', (form) => {
  test.each(['article', 'notes'])('of %s is proved', (name) => {
    const proof = proveNetwork(example(name), { form });
    expect(proof.failures).toEqual([]);
    expect(proof.proved).toBe(true);
    expect(proof.rounds.random).toBeGreaterThan(3);
    expect(proof.rounds.kinks).toBeGreaterThan(1);
    // Loops ask at borders what here and there is always so.
    if (form === 'unrolled') expect(proof.arms.untaken).toEqual([]);
  });
});

test.each(Object.entries(kinds))('The layer %s is proved', (_, layersOfKind) => {
  const { failures, rounds } = proveNetwork(specOfKind(layersOfKind));
  expect(failures).toEqual([]);
  expect(rounds.undecided).toBe(0);
});

test('Exponentials of logarithms are proved, those in a mean of one number too', () => {
  const layers = [
    { type: 'conv2d', filters: 2, kernelSize: 1, activation: 'softplus' },
    { type: 'averagePooling2d', poolSize: 2, padding: 'same' },
    { type: 'activation', activation: 'softmax' },
  ];
  expect(proveNetwork({ name: 'means', input: [3, 3, 1], layers }, { form: 'unrolled', rounds: 10 }).failures).toEqual(
    [],
  );
});

// ¼·log s and ¾·log s make one log s again, which the other way of computing it never took apart.
test.each(['unrolled', 'fast'] as const)(
  'The exponential of shares of a logarithm is proved in the %s form',
  (form) => {
    const layers = [
      { type: 'activation', activation: 'softplus' },
      { type: 'resizing', height: 1, width: 2 },
    ];
    const loss = { type: 'categoricalCrossentropy', fromLogits: true };
    expect(proveNetwork({ name: 'shares', input: [1, 1, 2], layers, loss }, { form, rounds: 6 }).failures).toEqual([]);
  },
);

test('The exponential of two logarithms that cancel is 1', () => {
  const layers = [
    { type: 'activation', name: 's', activation: 'softplus' },
    { type: 'multiply', inputs: ['s', 'input'] },
    { type: 'add', inputs: ['multiply1', 's'] },
    { type: 'activation', activation: 'softplus' },
  ];
  expect(proveNetwork({ name: 'cancelled', input: [1], layers }).failures).toEqual([]);
});

test('Where the largest of a row ties with a number that is flat there, a softmax is as smooth as elsewhere', () => {
  const layers = [
    { type: 'dense', units: 1, activation: 'relu', maxValue: 0.2 },
    { type: 'dense', units: 1 },
    { type: 'concatenate', inputs: ['dense2', 'dense1'] },
    { type: 'activation', activation: 'logSoftmax' },
  ];
  expect(proveNetwork({ name: 'tied', input: [1], layers, loss: 'categoricalCrossentropy' }).failures).toEqual([]);
});

test.each(['unrolled', 'fast'] as const)('In the %s form a layer that is used twice is proved', (form) => {
  const layers = [
    { type: 'conv2d', name: 'shared', filters: 2, kernelSize: 2, padding: 'same', activation: 'relu' },
    { type: 'conv2d', weightsOf: 'shared', strides: 2 },
    { type: 'batchNormalization', name: 'norm' },
    { type: 'batchNormalization', weightsOf: 'norm', inputs: ['shared'] },
  ];
  const { failures, rounds } = proveNetwork({ name: 'twice', input: [3, 3, 2], layers }, { form });
  expect(failures).toEqual([]);
  expect(rounds.undecided).toBe(0);
});

test('A loss is flat on its kinks whatever layer comes last', () => {
  const layers = [{ type: 'maximum', inputs: ['input', 'input'] }];
  const spec = { name: 'last', input: [1, 3, 3], layers, loss: { type: 'hinge', zeroOne: true } };
  expect(proveNetwork(spec).failures).toEqual([]);
});

test('A sum of absolute values is flat where one of them is 0', () => {
  const layers = [
    { type: 'upSampling2d', size: 2, interpolation: 'bicubic' },
    { type: 'lpPooling2d', poolSize: 2, strides: 1, order: 1 },
  ];
  expect(proveNetwork({ name: 'absolute', input: [3, 2, 1], layers }).failures).toEqual([]);
});

test('A power that is written with exp and log is one', () => {
  const layers = [{ type: 'localResponseNormalization', depthRadius: 1, beta: 1 }];
  expect(proveNetwork({ name: 'power', input: [4], layers }).failures).toEqual([]);
});

test('Frozen statistics keep what their gradients held', () => {
  const spec = { name: 'frozen', input: [2, 2, 2], layers: [{ type: 'batchNormalization' }] };
  expect(proveNetwork(spec)).toMatchObject({ proved: true, slots: 8 + 8 });
});

test.each(activationNames)('The activation %s is proved, alone and in front of a softmax', (activation) => {
  const layer = { type: 'dense', units: 2, activation };
  for (const spec of [
    { name: 'alone', input: [2], layers: [layer] },
    {
      name: 'behind',
      input: [2],
      layers: [layer, { type: 'dense', units: 2, activation: 'softmax' }],
      loss: 'categoricalCrossentropy',
    },
  ]) {
    expect(proveNetwork(spec).failures).toEqual([]);
  }
});

test.each([
  { activation: 'relu', maxValue: 2 },
  { activation: 'elu', alpha: 0.7 },
  { activation: 'celu', alpha: 0.7 },
  { activation: 'hardSigmoid', alpha: 0.2, beta: 0.5 },
  { activation: 'clip', minValue: -1, maxValue: 2 },
  { activation: 'step', alpha: 0.25 },
  { activation: 'softShrink', theta: 1.5 },
])('The activation %j is proved', (activation) => {
  const layer = { type: 'dense', units: 2, ...activation };
  const spec = { name: 'numbers', input: [2], layers: [layer, { type: 'dense', units: 2 }], loss: 'squaredError' };
  expect(proveNetwork(spec).failures).toEqual([]);
});

test.each([
  { type: 'sgd' },
  { type: 'momentum' },
  { type: 'momentum', momentum: 0.8, nesterov: true },
  { type: 'adam' },
  { type: 'adam', beta1: 0.5, epsilon: 0.01 },
  { type: 'adamw' },
  { type: 'momentum', clipNorm: 1.25, weightDecay: 0.1 },
  { type: 'adamw', clipNorm: 0.5 },
  { type: 'rmsprop', weightDecay: 0.01, decoupledWeightDecay: true },
  { type: 'adamw', weightDecay: 0 },
  { type: 'rmsprop' },
  { type: 'rmsprop', rho: 0.3, momentum: 0.5, centered: true, epsilon: 0.01 },
  { type: 'adagrad' },
  { type: 'adagrad', initialAccumulatorValue: 0, epsilon: 0.01 },
  { type: 'adadelta' },
  { type: 'adamax' },
  { type: 'nadam' },
  { type: 'lion' },
])('The steps of $type are proved', (optimizer) => {
  const spec = { name: 'steps', input: [3], layers: [{ type: 'dense', units: 2 }], optimizer };
  expect(proveNetwork(spec).failures).toEqual([]);
});

// Every name that an optimiser gives a number of its own stands beside those of what all have in common.
test.each(Object.keys(optimizers))('The steps of %s are proved behind a clipNorm', (type) => {
  const spec = { name: 'clipped', input: [3], layers: [{ type: 'dense', units: 2 }] };
  expect(proveNetwork({ ...spec, optimizer: { type, clipNorm: 0.5 } }, { rounds: 9 }).failures).toEqual([]);
});

test('The same seed gives the same proof, and another one other points', () => {
  const progress = (seed: number): unknown[] => {
    const seen: unknown[] = [];
    proveNetwork(example('notes'), { seed, rounds: 4, onProgress: (now) => seen.push(now) });
    return seen;
  };
  expect(progress(3)).toEqual(progress(3));
  expect(progress(4)).not.toEqual(progress(3));
});
