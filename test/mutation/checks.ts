import { type BuiltForm, builtForms, type GenerateOptions, stages } from '../../generator/pipeline.ts';
import { proveText } from '../../generator/prove/index.ts';
import { type MemoryMap, mapMemory } from '../../generator/prove/wasm/memoryMap.ts';
import type { ShapedNetwork } from '../../generator/spec/network.ts';
import { frozenNetworks } from '../freeze/networks.ts';
import { kinds, specOfKind } from '../prove/kinds.ts';
import { randomNumbers } from './randomNumbers.ts';

const random = randomNumbers(1);

/** A module that a mutant of the generator may spoil. */
export interface Check {
  readonly name: string;
  readonly spec: object;
  readonly options: GenerateOptions & { readonly form: BuiltForm };
}

/** What the generator makes of a check, with all that its proof asks for. */
export interface Module {
  readonly text: string;
  readonly network: ShapedNetwork;
  readonly map: MemoryMap | undefined;
}

export function moduleOf({ spec, options }: Check): Module {
  const network = stages.shape(stages.parse(spec));
  const program = stages.equations(network, options);
  const plan = stages.plan(program, options);
  const text = stages.print(network, program, plan);
  return { text, network, map: plan.form === 'wasm' ? mapMemory(network, program, plan.plan) : undefined };
}

/** What is wrong with a module; undefined where it is proved. So many points see every style of numbers. */
export function faultOf({ text, network, map }: Module): string | undefined {
  const { failures } = proveText(text, network, { rounds: 9, ...(map && { map }) });
  return failures[0]?.message;
}

const image = [4, 4, 2];
const dense = { type: 'dense', units: 3 };
const conv = { type: 'conv2d', filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' };

const activations = [
  ...['elu', 'selu', 'sigmoid', 'tanh', 'atan', 'softplus', 'softsign', 'silu', 'gelu', 'hardSigmoid', 'hardSwish'],
  ...['celu', 'mish', 'geluTanh', 'logSigmoid', 'thresholdedRelu', 'hardShrink', 'softShrink', 'relu6', 'leakyRelu'],
  ...['step', 'exp', 'erf', 'abs', 'softmax', 'logSoftmax'],
].map((activation) => ({ activation }));
const numbered = [
  { activation: 'relu', maxValue: 2 },
  { activation: 'celu', alpha: 0.7 },
  { activation: 'clip', minValue: -1, maxValue: 2 },
  { activation: 'hardSigmoid', alpha: 0.2, beta: 0.4 },
];

const losses: readonly (readonly [string, object | string])[] = [
  ['linear', 'squaredError'],
  ['linear', { type: 'meanSquaredError', weights: [1, 2, 3] }],
  ['linear', 'meanAbsoluteError'],
  ['linear', { type: 'huber', delta: 0.5, reduction: 'sum' }],
  ['linear', { type: 'hinge', zeroOne: true, squared: true }],
  ['softmax', { type: 'categoricalCrossentropy', labelSmoothing: 0.1 }],
  ['logSoftmax', 'categoricalCrossentropy'],
  ['linear', { type: 'categoricalCrossentropy', fromLogits: true, classWeights: [1, 2, 3], reduction: 'mean' }],
  ['sigmoid', 'binaryCrossentropy'],
  ['linear', { type: 'binaryCrossentropy', fromLogits: true }],
  ['softmax', { type: 'sparseCategoricalCrossentropy', ignoreClass: 1, reduction: 'mean' }],
  ['logSoftmax', { type: 'negativeLogLikelihood', reduction: 'mean' }],
  ['softplus', { type: 'poisson', epsilon: 0.1 }],
];

const optimizers = [
  { type: 'momentum', momentum: 0.8, nesterov: true, clipNorm: 0.5 },
  { type: 'adam', weightDecay: 0.1 },
  { type: 'adamw', beta1: 0.5 },
  { type: 'rmsprop', rho: 0.3, momentum: 0.5, centered: true },
  { type: 'adagrad', weightDecay: 0.1, decoupledWeightDecay: true },
];

/** Specs small enough to be proved in a tenth of a second, and some whose loops have blocks, tails and tiles. */
const specs: readonly (readonly [string, object])[] = [
  [
    'pool behind convolution',
    {
      name: 'pooled',
      input: [7, 6, 3],
      layers: [conv, { type: 'maxPooling2d', poolSize: 2 }, { type: 'flatten' }, { ...dense, activation: 'softmax' }],
      loss: 'categoricalCrossentropy',
      optimizer: 'adam',
    },
  ],
  [
    'overlapping pool, tanh before it',
    {
      name: 'overlapping',
      input: [6, 6, 1],
      layers: [
        { ...conv, activation: 'tanh', filters: 3 },
        { type: 'maxPooling2d', poolSize: 3, strides: 2 },
        { type: 'globalAveragePooling2d' },
      ],
      loss: 'meanSquaredError',
    },
  ],
  [
    'shared weights, skip connection',
    {
      name: 'shared',
      input: image,
      layers: [
        { ...conv, name: 'first', filters: 2 },
        { type: 'conv2d', weightsOf: 'first' },
        { type: 'add', inputs: ['conv2d2', 'input'] },
        { type: 'averagePooling2d', poolSize: 2 },
      ],
      loss: 'squaredError',
    },
  ],
  [
    'frozen convolution',
    { name: 'frozen', input: image, layers: [{ ...conv, trainable: false }, { type: 'flatten' }, dense] },
  ],
  ['tiles', { name: 'tiles', input: [6, 6, 8], layers: [{ ...conv, filters: 8 }], loss: 'meanSquaredError' }],
  [
    'six channels',
    {
      name: 'six',
      input: [5, 5, 6],
      layers: [
        { ...conv, filters: 6 },
        { type: 'depthwiseConv2d', kernelSize: 3 },
      ],
    },
  ],
  [
    'wide dense',
    { name: 'wide', input: [18], layers: [{ ...dense, units: 10, activation: 'relu' }, dense], loss: 'squaredError' },
  ],
  ...Object.entries(kinds).map(([kind, layers]) => [kind, specOfKind(layers)] as const),
  ...[...activations, ...numbered].map((activation) => {
    const layers = [
      { type: 'dense', units: 5, ...activation },
      { type: 'dense', units: 2 },
    ];
    return [JSON.stringify(activation), { name: 'activation', input: [3], layers, loss: 'squaredError' }] as const;
  }),
  ...losses.map(([activation, loss]) => {
    const layers = [{ ...dense, activation }];
    return [JSON.stringify(loss) + activation, { name: 'loss', input: [2], layers, loss }] as const;
  }),
  ...optimizers.map(
    (optimizer) => [optimizer.type, { name: 'optimizer', input: [3], layers: [dense], optimizer }] as const,
  ),
];

const all: readonly Check[] = specs.flatMap(([name, spec]) =>
  builtForms.map((form) => ({ name: `${name} ${form}`, spec, options: { form, inputGradient: true } })),
);

/** The networks of several layers first, then all others in a random order. */
export const checks: readonly Check[] = [...all]
  .map((check, n) => ({ check, rank: n < 9 ? n : 9 + random() }))
  .sort((a, b) => a.rank - b.rank)
  .map(({ check }) => check);

/** Some of those whose texts are frozen: the random ones are small. */
export const frozenChecks: readonly Check[] = frozenNetworks()
  .filter(({ label }) => label.startsWith('random'))
  .slice(0, 60)
  .flatMap(({ label, spec, maxTerms }) =>
    builtForms.map((form) => ({ name: `${label} ${form}`, spec, options: { form, ...(maxTerms && { maxTerms }) } })),
  );
