import fc from 'fast-check';
import type { NetworkSpec } from '../../generator/index.ts';
import { layerShapes, parameterShapes } from '../../generator/reference/interpreter.ts';
import type { Layer } from '../../generator/spec/network.ts';
import { normalize, type RawLayer, type RawNetwork } from '../reference/normalize.ts';
import { arbitraryLayer, type Step, type Value } from './arbitraryLayer.ts';
import { arbitraryOptimizer } from './arbitraryOptimizer.ts';
import { sizeOf } from './randomNumbers.ts';

/** Activations that give positive numbers alone. */
const positive = ['softplus', 'sigmoid', 'exp'];

/** No tensor of a random network is larger, so that differences of all its parameters stay quick. */
const maxElements = 48;

/** Names of the users' own; no default name is among them, but names that collide in careless code. */
const ownNames = ['a', 'skip', 'left-branch', 'x', 'W1', 'z1_0', 'constructor', 'toString', 'output', 'Input'];

interface Choice {
  readonly step: Step;
  readonly name: string | undefined;
  /** Whether `inputs` is stated even where it is the layer before. */
  readonly isExplicit: boolean;
  /** Whether it is an earlier layer once more, where one has weights. */
  readonly isShared: boolean;
}

const choice: fc.Arbitrary<Choice> = fc.record({
  step: arbitraryLayer,
  name: fc.option(fc.constantFrom(...ownNames), { nil: undefined }),
  isExplicit: fc.boolean(),
  isShared: fc.nat(7).map((n) => n === 1),
});

const side = (max: number) => fc.integer({ min: 1, max });
const input: fc.Arbitrary<number[]> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(side(5), side(5), side(4)) },
  { weight: 1, arbitrary: fc.tuple(side(8)) },
  { weight: 1, arbitrary: fc.tuple(side(8), side(4)) },
);

interface Ending {
  readonly loss?: NonNullable<RawNetwork['loss']>;
  /** The activation that the loss wants. */
  readonly activation?: string;
}

const ending = fc.constantFrom<Ending>(
  {},
  { loss: 'squaredError' },
  { loss: 'meanSquaredError' },
  { loss: 'categoricalCrossentropy', activation: 'softmax' },
  { loss: 'binaryCrossentropy', activation: 'sigmoid' },
  { loss: 'meanAbsoluteError' },
  { loss: { type: 'huber', delta: 0.5, reduction: 'sum' } },
  { loss: { type: 'hinge', zeroOne: true } },
  { loss: 'categoricalCrossentropy', activation: 'logSoftmax' },
  { loss: { type: 'categoricalCrossentropy', fromLogits: true, reduction: 'mean' }, activation: 'linear' },
  { loss: { type: 'binaryCrossentropy', fromLogits: true }, activation: 'linear' },
  { loss: 'sparseCategoricalCrossentropy', activation: 'softmax' },
  {
    loss: { type: 'sparseCategoricalCrossentropy', fromLogits: true, reduction: 'mean', ignoreClass: 1 },
    activation: 'linear',
  },
  { loss: { type: 'negativeLogLikelihood', reduction: 'mean' }, activation: 'logSoftmax' },
  { loss: { type: 'poisson', epsilon: 0.1 }, activation: 'softplus' },
  { loss: { type: 'categoricalCrossentropy', fromProbabilities: true }, activation: 'sigmoid' },
  { loss: { type: 'sparseCategoricalCrossentropy', fromProbabilities: true }, activation: 'softplus' },
  { loss: { type: 'binaryCrossentropy', fromProbabilities: true }, activation: 'sigmoid' },
  { loss: { type: 'meanAbsolutePercentageError', reduction: 'sum' } },
  { loss: 'meanSquaredLogarithmicError', activation: 'softplus' },
  { loss: 'logCosh' },
  { loss: { type: 'squaredHinge', zeroOne: true } },
  { loss: 'categoricalHinge' },
  { loss: 'kullbackLeiblerDivergence', activation: 'sigmoid' },
  { loss: { type: 'cosineProximity', reduction: 'sum' } },
  { loss: 'cosineDistance' },
);

/**
 * A random network that is valid: a directed acyclic graph over all layers and options, its images small and often odd.
 *
 * It is built layer by layer with the shapes known so far, by the shape rules of the reference, so none is rejected:
 * a spec of these that longhand refuses is a finding.
 */
export const arbitrarySpec: fc.Arbitrary<NetworkSpec> = fc
  .record({
    input,
    choices: fc.array(choice, { minLength: 1, maxLength: 10, size: 'max' }),
    ending,
    isOwn: fc.boolean(),
    // Drawn last: whatever was drawn before stays as it was. A quarter of the layers is held fixed.
    fixed: fc.tuple(fc.nat(1023), fc.nat(1023)).map(([a, b]) => a & b),
    dropped: fc.nat(1023),
    rate: fc.constantFrom(0, 0.25, 0.3, 0.5),
    optimizer: fc.option(arbitraryOptimizer, { nil: undefined }),
  })
  .map(({ input, choices, ending, isOwn, fixed, dropped, rate, optimizer }) => {
    const layers = choices.reduce<readonly RawLayer[]>((before, next) => append(input, before, next), []);
    const { loss } = ending;
    return {
      name: 'random',
      input,
      layers: hold(input, drop(input, finish(layers, ending, isOwn), dropped, rate), fixed),
      ...(loss && { loss }),
      ...(optimizer && { optimizer }),
    };
  })
  .map((spec) => spec as unknown as NetworkSpec);

/** The layers with one more, or without it where none of the values suits it or it would be too large. */
function append(input: readonly number[], layers: readonly RawLayer[], choice: Choice): readonly RawLayer[] {
  const values = valuesOf(input, layers);
  const layer = (choice.isShared ? again(input, layers, values) : undefined) ?? choice.step(values);
  if (layer === undefined) return layers;
  const isNew = choice.name !== undefined && values.every(({ name }) => name !== choice.name);
  const { inputs, ...named } = { ...layer, ...(isNew && { name: choice.name }) } as RawLayer & { inputs: string[] };
  const isLast = inputs.length === 1 && inputs[0] === values.at(-1)!.name;
  const more = [...layers, isLast && !choice.isExplicit ? named : { ...named, inputs }];
  // A transposed convolution with an outputPadding of 0 may leave nothing: longhand refuses it.
  const size = sizeOf(valuesOf(input, more).at(-1)!.shape);
  return size === 0 || size > maxElements ? layers : more;
}

/** The last layer with weights of its own once more, over the last value of the shape that it was made for. */
function again(
  input: readonly number[],
  layers: readonly RawLayer[],
  values: readonly Value[],
): (RawLayer & { readonly inputs: readonly string[] }) | undefined {
  const network = normalize({ name: 'random', input, layers });
  const own = new Set(parameterShapes(network).map(({ name }) => name.replace(/\/.*/, '')));
  // Two layers have two means of a batch.
  const owner = layers.findLastIndex((layer) => own.has(String(layer.name)) && layer.statistics !== 'batch');
  const made = network.layers[owner];
  if (made === undefined) return undefined;
  const shapeOf = (name: string) => values.find((value) => value.name === name)?.shape.join();
  const value = values.findLast(({ name }) => shapeOf(name) === shapeOf(made.inputs[0]!));
  return value && { type: made.type, weightsOf: made.name, inputs: [value.name] };
}

/** Dropout in the place of activations, a bit for each; what is positive stays so, and the last layer has its activation. */
function drop(
  input: readonly number[],
  layers: readonly RawLayer[],
  dropped: number,
  rate: number,
): readonly RawLayer[] {
  const isDropped = ({ type, activation }: RawLayer, n: number): boolean =>
    ((dropped >> n) & 1) === 1 &&
    type === 'activation' &&
    n < layers.length - 1 &&
    !positive.includes(String(activation));
  if (!layers.some(isDropped)) return layers;
  // The others are called as they were, whatever their number would be now.
  const { layers: named } = normalize({ name: 'random', input, layers });
  return layers.map((layer, n) => {
    if (layer.type !== 'activation') return layer;
    const { name } = named[n]!;
    if (!isDropped(layer, n)) return { ...layer, name };
    return {
      type: 'dropout',
      rate,
      ...(n % 2 === 0 && { seed: n }),
      name,
      ...(layer.inputs ? { inputs: layer.inputs } : {}),
    };
  });
}

/** Holds layers fixed, a bit for each, where they have parameters. */
function hold(input: readonly number[], layers: readonly RawLayer[], fixed: number): readonly RawLayer[] {
  const network = normalize({ name: 'random', input, layers });
  const owners = new Set(parameterShapes(network).map(({ name }) => name.split('/')[0]));
  const isHeld = (n: number): boolean => ((fixed >> n) & 1) === 1 && owners.has(network.layers[n]!.name);
  return layers.map((layer, n) => (isHeld(n) ? { ...layer, trainable: false } : layer));
}

/** The input and the outputs of the layers. */
function valuesOf(input: readonly number[], layers: readonly RawLayer[]): readonly Value[] {
  const network = normalize({ name: 'random', input, layers });
  const positive = new Set(network.layers.filter(isPositive).map(({ name }) => name));
  return Array.from(layerShapes(network), ([name, shape]) => ({ name, shape, isPositive: positive.has(name) }));
}

function isPositive({ options }: Layer): boolean {
  return 'activation' in options && positive.includes(options.activation);
}

/** Ends in the activation that the loss wants: the last layer's own where it has one, or one more layer. */
function finish(layers: readonly RawLayer[], { activation }: Ending, isOwn: boolean): readonly RawLayer[] {
  const last = layers.at(-1);
  if (activation === undefined && last !== undefined) return layers;
  if (isOwn && last !== undefined && 'activation' in last) {
    const { alpha: _, beta, theta, minValue, maxValue, ...others } = last;
    return [...layers.slice(0, -1), { ...others, activation } as RawLayer];
  }
  return [...layers, { type: 'activation', activation: activation ?? 'linear' }];
}
