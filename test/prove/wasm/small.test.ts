import { expect, test } from 'vitest';
import { proveNetwork } from '../../../generator/prove/index.ts';
import { proveWasm } from './subjects.ts';

test('A small network of every pass is proved from its bytes', () => {
  const layers = [
    { type: 'conv2d', filters: 3, kernelSize: 2, padding: 'same', activation: 'tanh' },
    { type: 'maxPooling2d', poolSize: 2 },
    { type: 'flatten' },
    { type: 'dense', units: 2, activation: 'softmax' },
  ];
  const proof = proveWasm({ name: 'small', input: [4, 4, 1], layers, loss: 'categoricalCrossentropy' }, { rounds: 9 });
  expect(proof.failures).toEqual([]);
  expect(proof.recognized).toContain('tanh');
  expect(proof.hasTwin).toBe(true);
});

test('Places that no equation reaches are 0 and may be read, in whatever shape it sees them', () => {
  const layers = [{ type: 'batchNormalization' }, { type: 'maxPooling1d', poolSize: 1, strides: 3 }];
  expect(proveWasm({ name: 'unreached', input: [3, 1], layers }, { rounds: 9 }, true).failures).toEqual([]);
});

test('Places whose sums read padding alone are 0 and may be read, forward and backward', () => {
  const padded = { type: 'conv1d', filters: 2, kernelSize: 1, padding: [2, 2], useBias: false };
  const spec = { name: 'padded', input: [3, 1], layers: [padded], loss: 'squaredError' };
  expect(proveWasm(spec, { rounds: 9 }).failures).toEqual([]);
  const cropped = { type: 'conv2dTranspose', filters: 1, kernelSize: 1, strides: 3, useBias: false };
  const layers = [
    { type: 'biasAdd' },
    {
      ...cropped,
      padding: [
        [2, 2],
        [0, 0],
      ],
      outputPadding: 1,
    },
  ];
  expect(proveWasm({ name: 'cropped', input: [4, 1, 1], layers }, { rounds: 9 }).failures).toEqual([]);
  const beside = { type: 'depthwiseConv2d', kernelSize: 1, depthMultiplier: 2, useBias: false };
  const outside = {
    ...beside,
    strides: [2, 3],
    padding: [
      [1, 2],
      [1, 0],
    ],
    activation: 'abs',
  };
  expect(proveWasm({ name: 'outside', input: [2, 1, 3], layers: [outside] }, { rounds: 9 }).failures).toEqual([]);
});

test('Lanes that nothing needs may be added to what was dropped in a border, and go nowhere', () => {
  const layers = [
    { type: 'squaredDifference', inputs: ['input', 'input'] },
    { type: 'localResponseNormalization', depthRadius: 1, alpha: 1.5, beta: 0.75 },
  ];
  expect(proveWasm({ name: 'dropped', input: [1, 2, 1], layers }, { rounds: 9 }, true).failures).toEqual([]);
});

test.each([2, 4])('Lanes that nothing needs may have the root %d of 0, and be divided by it', (order) => {
  const layers = [{ type: 'lpPooling2d', poolSize: 2, order }];
  const { failures, rounds } = proveWasm({ name: 'divided', input: [2, 2, 3], layers }, { rounds: 9 }, true);
  expect(failures).toEqual([]);
  expect(rounds.undecided).toBe(0);
});

test('Places that a scatter passes over, while it reaches others twice or outside, are known', () => {
  const layers = [
    { type: 'permute', dims: [1, 3, 2] },
    {
      type: 'conv2d',
      filters: 3,
      strides: 3,
      padding: [
        [2, 0],
        [2, 1],
      ],
      dilationRate: 2,
      kernelSize: 2,
    },
    { type: 'flatten' },
    { type: 'dense', units: 2 },
  ];
  expect(proveWasm({ name: 'passed', input: [1, 5, 4], layers }, { rounds: 9 }, true).failures).toEqual([]);
});

// In float32 3 + 1e-7 rounds to 3, and 0.1 + 1e-10 to 0.1.
test.each([
  { type: 'adam', clipNorm: 3 },
  { type: 'adagrad' },
  { type: 'adagrad', clipNorm: 3, initialAccumulatorValue: 3 },
  { type: 'adagrad', weightDecay: 0.1, epsilon: 1e-10 },
])('A number of the optimizer means itself, whatever rounds to it: %j', (optimizer) => {
  const spec = { name: 'clipped', input: [3], layers: [{ type: 'dense', units: 2 }], optimizer };
  expect(proveWasm(spec, { rounds: 9 }).failures).toEqual([]);
});

// A sum of |y|, whose slope has a value on either side of 0, scatters into a border where y has none.
test.each(['fast', 'wasm'] as const)('What is compared is never read outside its array, in %s', (form) => {
  const pool = { type: 'lpPooling2d', order: 1, poolSize: [1, 3], strides: [1, 2] };
  const padded = {
    ...pool,
    padding: [
      [0, 0],
      [1, 1],
    ],
  };
  const layers = [{ type: 'conv2d', filters: 1, kernelSize: 1 }, padded];
  const spec = { name: 'compared', input: [3, 5, 1], layers, loss: 'squaredError' };
  expect(proveNetwork(spec, { form, rounds: 9 }).failures).toEqual([]);
});

// log cosh takes the exponential of −2·|d|, and d holds a logarithm; in a lane −2 is a number like any other.
test.each(['softplus', 'logSigmoid', 'logSoftmax'])(
  'The exponential of twice the logarithm in %s is proved',
  (activation) => {
    const layers = [{ type: 'activation', activation }];
    expect(proveWasm({ name: 'twice', input: [2], layers, loss: 'logCosh' }, { rounds: 6 }).failures).toEqual([]);
  },
);
