import fc from 'fast-check';
import {
  type ActivationName,
  type ActivationParameter,
  activationNames,
  activationParameters,
} from '../../generator/layers/options.ts';
import type { RawLayer } from '../reference/normalize.ts';
import { sizeOf } from './randomNumbers.ts';
import { fitCut, fitSize, fitZeros, type RawPadding, type RawSize } from './windows.ts';

/** A tensor that later layers can read. */
export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
}

/**
 * A layer that fits the values so far, or undefined where it can read none of them.
 *
 * What is random is chosen before the shapes are known and fitted to them here. So every choice shrinks by itself, and
 * a layer that is taken away leaves the others in place.
 */
export type Step = (values: readonly Value[]) => RawLayer | undefined;

type Part = Readonly<Record<string, unknown>>;

const upTo = (max: number) => fc.integer({ min: 1, max });
const size = (max: number): fc.Arbitrary<RawSize> => fc.oneof(upTo(max), fc.tuple(upTo(max), upTo(max)));
const pairOfZeros = fc.tuple(fc.nat(2), fc.nat(2));
const zeros = fc.tuple(pairOfZeros, pairOfZeros);
const padding: fc.Arbitrary<RawPadding> = fc.oneof(fc.constantFrom('valid', 'same'), zeros);
const activation = fc.constantFrom(...activationNames);

/** Which of the values that suit: 0 is the last, and more are farther back. */
const back = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(4) });

const pick = <T>(from: readonly T[], backwards: number): T | undefined =>
  from[from.length - 1 - (backwards % from.length)];

/** Every key is there or not. */
const options = <T extends object>(choices: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(choices, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;

const isImage = ({ shape }: Value): boolean => shape.length === 3;
const isVector = ({ shape }: Value): boolean => shape.length === 1;

/** A layer of one input; `fit` writes its options for the shape of the value read. */
function reading<T>(
  type: RawLayer['type'],
  suits: (value: Value) => boolean,
  choices: fc.Arbitrary<T>,
  fit: (chosen: T, shape: readonly number[]) => Part | undefined,
): fc.Arbitrary<Step> {
  return fc.tuple(back, choices).map(([backwards, chosen]) => (values) => {
    const value = pick(values.filter(suits), backwards);
    const fitted = value && fit(chosen, value.shape);
    return fitted && { type, inputs: [value.name], ...fitted };
  });
}

/** Each number is an option of some activations alone. */
const numbers: { readonly [K in ActivationParameter]: fc.Arbitrary<number> } = {
  alpha: fc.constantFrom(0.01, 0.3, -0.5),
  beta: fc.constantFrom(0.25, 0.6),
  theta: fc.constantFrom(0.125, 0.3),
  minValue: fc.constantFrom(-0.4, 0.1),
  maxValue: fc.constantFrom(0.2, 0.9),
};
const activating = { activation, ...numbers };

function withoutStrayNumbers(part: Part): Part {
  const taken = activationParameters[part.activation as ActivationName] ?? [];
  const isStray = (key: string): boolean => key in numbers && !taken.some((one) => one === key);
  return Object.fromEntries(Object.entries(part).filter(([key]) => !isStray(key)));
}

/** What the convolutions share. */
const sliding = { kernelSize: size(3), strides: size(3), padding, useBias: fc.boolean(), ...activating };

const divisorsOf = (n: number): number[] => Array.from({ length: n }, (_, k) => k + 1).filter((d) => n % d === 0);

const conv2d = reading(
  'conv2d',
  isImage,
  fc.tuple(
    fc.constantFrom(1, 2, 3, 'channels' as const),
    fc.nat(2),
    options({ ...sliding, dilationRate: size(2), flipKernel: fc.boolean(), groups: fc.nat(2) }),
  ),
  ([filters, _, { groups, kernelSize = 1, ...chosen }], image) => {
    const channels = image[2]!;
    const divisors = divisorsOf(channels);
    const inGroups = groups === undefined ? 1 : divisors[groups % divisors.length]!;
    return withoutStrayNumbers({
      filters: filters === 'channels' ? channels : filters * inGroups,
      ...(groups === undefined ? {} : { groups: inGroups }),
      ...chosen,
      kernelSize: fitSize(kernelSize, image, chosen.padding, chosen.dilationRate),
    });
  },
);

const conv2dTranspose = reading(
  'conv2dTranspose',
  isImage,
  fc.tuple(upTo(3), options(sliding)),
  ([filters, { kernelSize = 1, padding, ...chosen }], image) =>
    withoutStrayNumbers({
      filters,
      kernelSize,
      ...chosen,
      ...(padding === undefined ? {} : { padding: fitCut(padding, image, kernelSize, chosen.strides ?? 1) }),
    }),
);

const depthwiseConv2d = reading(
  'depthwiseConv2d',
  isImage,
  options({ ...sliding, dilationRate: size(2), depthMultiplier: upTo(2) }),
  ({ kernelSize = 1, ...chosen }, image) =>
    withoutStrayNumbers({ ...chosen, kernelSize: fitSize(kernelSize, image, chosen.padding, chosen.dilationRate) }),
);

const pooling = { poolSize: size(3), strides: size(3), padding };

/** A pool whose windows fit the image, each with a real place. */
function fitPool(chosen: { poolSize?: RawSize; padding?: RawPadding }, image: readonly number[]): Part {
  const { poolSize = 2 } = chosen;
  const zeros = chosen.padding && fitZeros(chosen.padding, poolSize);
  const fitted = fitSize(poolSize, image, zeros);
  return {
    ...chosen,
    ...(chosen.poolSize === undefined && fitted === 2 ? {} : { poolSize: fitted }),
    ...(zeros === undefined ? {} : { padding: zeros }),
  };
}

const maxPooling2d = reading(
  'maxPooling2d',
  isImage,
  options({ ...pooling, ties: fc.constantFrom('first', 'all') }),
  fitPool,
);

const averagePooling2d = reading('averagePooling2d', isImage, options(pooling), fitPool);

const dense = reading(
  'dense',
  isVector,
  fc.tuple(upTo(4), options({ useBias: fc.boolean(), ...activating })),
  ([units, chosen]) => withoutStrayNumbers({ units, ...chosen }),
);

const activationLayer = reading(
  'activation',
  () => true,
  fc.record(activating, { requiredKeys: ['activation'] }),
  withoutStrayNumbers,
);

/** Every shape of n numbers: the vector, then the images. */
function shapesOf(n: number): number[][] {
  const images = divisorsOf(n).flatMap((channels) =>
    divisorsOf(n / channels).map((width) => [n / channels / width, width, channels]),
  );
  return [[n], ...images];
}

const reshape = reading(
  'reshape',
  () => true,
  fc.nat(20),
  (choice, shape) => {
    const shapes = shapesOf(sizeOf(shape));
    return { shape: shapes[choice % shapes.length] };
  },
);

/** A layer without options. */
const plain = (type: RawLayer['type'], suits: (value: Value) => boolean) =>
  reading(type, suits, fc.constant({}), (o) => o);

const batchNormalization = reading(
  'batchNormalization',
  () => true,
  options({ epsilon: fc.constantFrom(1e-5, 0.5) }),
  (chosen) => chosen,
);

const zeroPadding2d = reading('zeroPadding2d', isImage, zeros, (padding) => ({ padding }));
const upSampling2d = reading('upSampling2d', isImage, options({ size: size(3) }), (chosen) => chosen);

/** A layer of several inputs: those that go with the first one, of other shapes if possible; the first again if not. */
function merging(type: RawLayer['type'], match: (a: Value, b: Value) => boolean): fc.Arbitrary<Step> {
  return fc.tuple(back, fc.array(fc.nat(5), { minLength: 1, maxLength: 2 })).map(([first, others]) => (values) => {
    const value = pick(values, first)!;
    const matching = values.filter((other) => other !== value && match(value, other));
    const [alike, unlike] = [true, false].map((same) => matching.filter((other) => sameShape(value, other) === same));
    const partners = [value, ...alike!, ...unlike!];
    const chosen = [value, ...others.map((backwards) => pick(partners, backwards)!)];
    return { type, inputs: chosen.map(({ name }) => name) };
  });
}

const places = ({ shape }: Value): string => [shape.length, ...shape.slice(0, -1)].join();
const sameShape = (a: Value, b: Value): boolean => a.shape.join() === b.shape.join();

/** A layer of any kind with any options, as often as it deserves tests. */
export const arbitraryLayer: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: conv2d },
  { weight: 5, arbitrary: dense },
  { weight: 3, arbitrary: merging('add', sameShape) },
  { weight: 2, arbitrary: conv2dTranspose },
  { weight: 2, arbitrary: depthwiseConv2d },
  { weight: 2, arbitrary: maxPooling2d },
  { weight: 2, arbitrary: averagePooling2d },
  { weight: 2, arbitrary: batchNormalization },
  { weight: 2, arbitrary: merging('multiply', sameShape) },
  { weight: 3, arbitrary: merging('concatenate', (a, b) => places(a) === places(b)) },
  { weight: 2, arbitrary: plain('flatten', () => true) },
  activationLayer,
  reshape,
  { weight: 2, arbitrary: zeroPadding2d },
  { weight: 2, arbitrary: upSampling2d },
  plain('globalAveragePooling2d', isImage),
  plain('globalMaxPooling2d', isImage),
);
