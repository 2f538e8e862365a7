import fc from 'fast-check';
import {
  type ActivationName,
  type ActivationParameter,
  activationNames,
  activationParameters,
} from '../../generator/layers/options.ts';
import type { RawLayer } from '../reference/normalize.ts';
import { sizeOf } from './randomNumbers.ts';
import { fitCut, fitSize, fitZeros, pairOf, type RawPadding, type RawSize } from './windows.ts';

/** A tensor that later layers can read. */
export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether no number of it comes near 0 or below. */
  readonly isPositive?: boolean;
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
/** Those that take numbers more often: each number is met beside each kind. */
const activation = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...activationNames) },
  { weight: 1, arbitrary: fc.constantFrom(...activationNames.filter((name) => activationParameters[name])) },
);

/** Which of the values that suit: 0 is the last, and more are farther back. */
const back = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(4) });

const pick = <T>(from: readonly T[], backwards: number): T | undefined =>
  from[from.length - 1 - (backwards % from.length)];

/** Every key is there or not. */
const options = <T extends object>(choices: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(choices, { requiredKeys: [] }) as fc.Arbitrary<Partial<T>>;

const isImage = ({ shape }: Value): boolean => shape.length === 3;
const isVector = ({ shape }: Value): boolean => shape.length === 1;
const isSequence = ({ shape }: Value): boolean => shape.length === 2;

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
  fc.tuple(upTo(3), options({ ...sliding, dilationRate: size(2), groups: fc.nat(2), outputPadding: fc.nat(1) })),
  ([filters, { kernelSize = 1, padding, groups, outputPadding, ...chosen }], image) => {
    const divisors = divisorsOf(image[2]!);
    const inGroups = groups === undefined ? 1 : divisors[groups % divisors.length]!;
    const { strides = 1, dilationRate = 1 } = chosen;
    const reach = pairOf(kernelSize).map((size, axis) => (size - 1) * pairOf(dilationRate)[axis]! + 1);
    // Keras' 'same' cuts 2·⌊kernel/2⌋ from the full output where an output padding is stated: of one place it may leave none.
    const isCutAway = [0, 1].some((axis) => image[axis] === 1 && reach[axis]! % 2 === 0);
    const rest = padding === 'same' && isCutAway ? undefined : outputPadding;
    const least = pairOf(strides).map((stride, axis) => Math.max(stride, pairOf(dilationRate)[axis]!));
    return withoutStrayNumbers({
      filters: filters * inGroups,
      kernelSize,
      ...(groups === undefined ? {} : { groups: inGroups }),
      ...chosen,
      ...(padding === undefined ? {} : { padding: fitCut(padding, image, reach as [number, number], strides) }),
      ...(rest === undefined ? {} : { outputPadding: Math.min(rest, ...least.map((n) => n - 1)) }),
    });
  },
);

const depthwiseConv2d = reading(
  'depthwiseConv2d',
  isImage,
  options({ ...sliding, dilationRate: size(2), depthMultiplier: upTo(2) }),
  ({ kernelSize = 1, ...chosen }, image) =>
    withoutStrayNumbers({ ...chosen, kernelSize: fitSize(kernelSize, image, chosen.padding, chosen.dilationRate) }),
);

const pooling = { poolSize: size(3), strides: size(3), padding, dilationRate: size(2), ceilMode: fc.boolean() };

interface Pool {
  readonly poolSize?: RawSize;
  readonly strides?: RawSize;
  readonly padding?: RawPadding;
  readonly dilationRate?: RawSize;
  readonly ceilMode?: boolean;
}

/** A pool whose windows fit the image, each with a real place; dilation only where no padding could empty one. */
function fitPool(chosen: Pool, image: readonly number[]): Part {
  const { poolSize = 2, dilationRate, ...others } = chosen;
  const isDilated = dilationRate !== undefined && (chosen.padding === undefined || chosen.padding === 'valid');
  const zeros = chosen.padding && fitZeros(chosen.padding, poolSize);
  const fitted = fitSize(poolSize, image, zeros, isDilated ? dilationRate : 1);
  return {
    ...others,
    ...(isDilated ? { dilationRate } : {}),
    ...(chosen.poolSize === undefined && fitted === 2 ? {} : { poolSize: fitted }),
    ...(zeros === undefined ? {} : { padding: zeros }),
  };
}

const ties = fc.constantFrom('first', 'all');
const maxPooling2d = reading('maxPooling2d', isImage, options({ ...pooling, ties }), fitPool);

const averagePooling2d = reading(
  'averagePooling2d',
  isImage,
  options({ ...pooling, countIncludePad: fc.boolean() }),
  fitPool,
);

/** The same along a sequence: the options of an image of one column. */
const along = {
  strides: upTo(3),
  dilationRate: upTo(2),
  padding: fc.oneof(fc.constantFrom('valid', 'same', 'causal'), pairOfZeros),
};

type PaddingAlong = string | readonly [number, number];

interface Along {
  readonly padding?: PaddingAlong;
  readonly dilationRate?: number;
}

/** A window along a sequence that fits it. */
function fitAlong(size: number, length: number, { padding = 'valid', dilationRate = 1 }: Along): number {
  if (padding === 'same' || padding === 'causal') return size;
  const room = length + (typeof padding === 'string' ? 0 : padding[0] + padding[1]);
  return Math.max(1, Math.min(size, Math.floor((room - 1) / dilationRate) + 1));
}

const conv1d = reading(
  'conv1d',
  isSequence,
  fc.tuple(
    upTo(3),
    upTo(3),
    options({ ...along, groups: fc.nat(2), useBias: fc.boolean(), flipKernel: fc.boolean(), ...activating }),
  ),
  ([filters, size, { groups, ...chosen }], [length, channels]) => {
    const divisors = divisorsOf(channels!);
    const inGroups = groups === undefined ? 1 : divisors[groups % divisors.length]!;
    return withoutStrayNumbers({
      filters: filters * inGroups,
      kernelSize: fitAlong(size, length!, chosen),
      ...(groups === undefined ? {} : { groups: inGroups }),
      ...chosen,
    });
  },
);

/** A pool's window fits without the padding, and the padding is less than the window: each has a real place. */
function fitPoolAlong(chosen: Along & { poolSize?: number }, [length]: readonly number[]): Part {
  const { poolSize = 2, dilationRate, padding, ...others } = chosen;
  const isDilated = dilationRate !== undefined && (padding === undefined || padding === 'valid');
  const fitted = fitAlong(poolSize, length!, isDilated ? { dilationRate } : {});
  const most = (n: number): number => Math.min(n, fitted - 1);
  const sides = padding === undefined || typeof padding === 'string' ? padding : padding.map(most);
  return {
    ...others,
    ...(isDilated ? { dilationRate } : {}),
    ...(chosen.poolSize === undefined && fitted === 2 ? {} : { poolSize: fitted }),
    ...(sides === undefined ? {} : { padding: sides }),
  };
}

const poolingAlong = { poolSize: upTo(3), ...along, ceilMode: fc.boolean() };
const maxPooling1d = reading('maxPooling1d', isSequence, options({ ...poolingAlong, ties }), fitPoolAlong);
const averagePooling1d = reading(
  'averagePooling1d',
  isSequence,
  options({ ...poolingAlong, countIncludePad: fc.boolean() }),
  fitPoolAlong,
);

const order = { order: fc.constantFrom(1, 2, 3, 4) };
const lpPooling2d = reading('lpPooling2d', isImage, options({ ...pooling, ...order }), fitPool);
const lpPooling1d = reading('lpPooling1d', isSequence, options({ ...poolingAlong, ...order }), fitPoolAlong);

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

/** Every shape of n numbers: the vector, then the images, then the sequences. */
function shapesOf(n: number): number[][] {
  const images = divisorsOf(n).flatMap((channels) =>
    divisorsOf(n / channels).map((width) => [n / channels / width, width, channels]),
  );
  return [[n], ...images, ...divisorsOf(n).map((channels) => [n / channels, channels])];
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
  options({
    epsilon: fc.constantFrom(1e-5, 0.5),
    statistics: fc.constantFrom('moving', 'batch', 'learned'),
    momentum: fc.constantFrom(0.25, 0.9),
  }),
  (chosen) => chosen,
);

const zeroPadding2d = reading('zeroPadding2d', isImage, zeros, (padding) => ({ padding }));
const interpolation = fc.constantFrom('nearest', 'bilinear', 'bicubic');
const cubic = { cubicCoefficient: fc.constantFrom(-0.5, -0.75), excludeOutside: fc.boolean() };

/** Without the numbers of a cubic, where it is none. */
function withoutStrayCubic({ cubicCoefficient, excludeOutside, ...chosen }: Part): Part {
  if (chosen.interpolation !== 'bicubic') return chosen;
  return {
    ...chosen,
    ...(cubicCoefficient === undefined ? {} : { cubicCoefficient }),
    ...(excludeOutside === undefined ? {} : { excludeOutside }),
  };
}

const upSampling2d = reading(
  'upSampling2d',
  isImage,
  options({ size: size(3), interpolation, ...cubic }),
  withoutStrayCubic,
);

const resizing = reading(
  'resizing',
  isImage,
  fc.tuple(
    upTo(5),
    upTo(5),
    options({ interpolation, coordinates: fc.constantFrom('halfPixel', 'alignCorners', 'asymmetric'), ...cubic }),
  ),
  ([height, width, chosen]) => ({ height, width, ...withoutStrayCubic(chosen) }),
);

const padding2d = reading(
  'padding2d',
  isImage,
  fc.tuple(
    zeros,
    options({ mode: fc.constantFrom('constant', 'reflect', 'symmetric', 'edge'), value: fc.constantFrom(0, -1.5) }),
  ),
  ([sides, chosen], image) => {
    const least = chosen.mode === 'reflect' ? 1 : 0;
    const padding = sides.map((pair, axis) => pair.map((n) => Math.min(n, image[axis]! - least)));
    return { padding, ...chosen };
  },
);

const cropping2d = reading('cropping2d', isImage, zeros, (sides, image) => {
  const left = sides.map(([before], axis) => Math.min(before, image[axis]! - 1));
  const cropping = sides.map(([, after], axis) => [left[axis]!, Math.min(after, image[axis]! - 1 - left[axis]!)]);
  return { cropping };
});

const slice = reading(
  'slice',
  () => true,
  fc.tuple(fc.array(fc.nat(20), { minLength: 9, maxLength: 9 }), options({ strides: fc.constant(true) })),
  ([numbers, chosen], shape) => {
    const step = shape.map((_, axis) => (chosen.strides ? ([1, 2, -1][numbers[axis]! % 3] as number) : 1));
    const begin = shape.map((size, axis) => numbers[axis + 3]! % size);
    const size = shape.map((length, axis) => {
      const room = step[axis]! > 0 ? length - 1 - begin[axis]! : begin[axis]!;
      return 1 + (numbers[axis + 6]! % (1 + Math.floor(room / Math.abs(step[axis]!))));
    });
    return { begin, size, ...(chosen.strides ? { strides: step } : {}) };
  },
);

const permute = reading(
  'permute',
  () => true,
  fc.shuffledSubarray([1, 2, 3], { minLength: 3, maxLength: 3 }),
  (order, shape) => ({ dims: order.filter((axis) => axis <= shape.length) }),
);

const channelOrder = fc.constantFrom('dcr', 'crd');
const depthToSpace = reading(
  'depthToSpace',
  isImage,
  options({ blockSize: fc.constantFrom(1, 2), order: channelOrder }),
  (chosen, image) => (image[2]! % (chosen.blockSize ?? 2) ** 2 === 0 ? chosen : undefined),
);
const spaceToDepth = reading(
  'spaceToDepth',
  isImage,
  options({ blockSize: fc.constantFrom(1, 2), order: channelOrder }),
  (chosen, image) => (image.slice(0, 2).every((side) => side % (chosen.blockSize ?? 2) === 0) ? chosen : undefined),
);

const normalising = options({ epsilon: fc.constantFrom(1e-2, 0.5) });
const perPlace = options({ perPlace: fc.boolean() });
const anything = () => true;
const same = (chosen: object): Part => ({ ...chosen });
/** A share of one element has no variance, and a slope of 1/√ε. */
const hasRows = ({ shape }: Value): boolean => shape.length > 1 && sizeOf(shape.slice(0, -1)) > 1;

const normalisations = [
  reading('layerNormalization', ({ shape }) => shape.at(-1)! > 1, normalising, same),
  reading('instanceNormalization', hasRows, normalising, same),
  reading(
    'groupNormalization',
    hasRows,
    fc.tuple(fc.nat(3), options({ groups: fc.constant(true), epsilon: fc.constantFrom(1e-2, 0.5) })),
    ([nth, { groups, ...chosen }], shape) => {
      const divisors = divisorsOf(shape.at(-1)!);
      // Without a number of groups there are 32.
      if (!groups && shape.at(-1)! % 32 !== 0) return { ...chosen, groups: divisors[0] };
      return { ...chosen, ...(groups ? { groups: divisors[nth % divisors.length] } : {}) };
    },
  ),
  reading(
    'localResponseNormalization',
    anything,
    options({
      depthRadius: upTo(2),
      bias: fc.constantFrom(0.5, 2),
      alpha: fc.constantFrom(0.1, 1.5),
      beta: fc.constantFrom(0.75, 1),
    }),
    same,
  ),
  reading(
    'unitNormalization',
    anything,
    fc.tuple(fc.nat(5), options({ axis: fc.boolean(), order: fc.constantFrom(1, 2) })),
    ([nth, { axis, ...chosen }], shape) => {
      const at = nth % shape.length;
      return { ...chosen, ...(axis === undefined ? {} : { axis: axis ? at + 1 : at - shape.length }) };
    },
  ),
  reading(
    'reduceMean',
    anything,
    fc.tuple(fc.shuffledSubarray([0, 1, 2], { minLength: 1 }), options({ axes: fc.boolean(), keepDims: fc.boolean() })),
    ([positions, { axes, ...chosen }], shape) => {
      const own = positions.filter((at) => at < shape.length);
      const named = (own.length > 0 ? own : [0]).map((at) => (axes ? at + 1 : at - shape.length));
      return { ...chosen, ...(axes === undefined ? {} : { axes: named }) };
    },
  ),
  reading('prelu', anything, perPlace, same),
  reading('biasAdd', anything, perPlace, same),
  reading(
    'rescaling',
    anything,
    fc.tuple(fc.constantFrom(-0.5, 2), options({ offset: fc.constantFrom(0.25, -1) })),
    ([scale, chosen]) => ({ scale, ...chosen }),
  ),
];

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

/** Two inputs, the second of the same shape or one that is repeated; the first again if there is none. */
function pairing(type: RawLayer['type']): fc.Arbitrary<Step> {
  return fc.tuple(back, fc.nat(5)).map(([first, other]) => (values) => {
    const value = pick(values, first)!;
    const partners = [value, ...values.filter((one) => one !== value && isRepeatable(one, value))];
    return { type, inputs: [value.name, pick(partners, other)!.name] };
  });
}

/** Whether a value is of the other's shape, or can be repeated to it. */
const isRepeatable = (one: Value, full: Value): boolean =>
  one.shape.length <= full.shape.length &&
  one.shape.every((size, axis) => size === 1 || size === full.shape[axis + full.shape.length - one.shape.length]);

/** A quotient by what is above 0; where nothing is, a layer that makes it so. */
const dividing: fc.Arbitrary<Step> = fc.tuple(back, fc.nat(5)).map(([first, other]) => (values) => {
  const value = pick(values, first)!;
  const divisors = values.filter((one) => one.isPositive && isRepeatable(one, value));
  const divisor = pick(divisors, other);
  if (divisor === undefined) return { type: 'activation', activation: 'softplus', inputs: [value.name] };
  return { type: 'divide', inputs: [value.name, divisor.name] };
});

/** Σ of products of two vectors of one length, which may be one and the same. */
const dotting: fc.Arbitrary<Step> = fc.tuple(back, fc.nat(5)).map(([first, other]) => (values) => {
  const value = pick(values.filter(isVector), first);
  if (value === undefined) return undefined;
  return {
    type: 'dot',
    inputs: [
      value.name,
      pick(
        values.filter((one) => sameShape(one, value)),
        other,
      )!.name,
    ],
  };
});

const concatenate = fc
  .tuple(
    merging('concatenate', (a, b) => places(a) === places(b)),
    options({ axis: fc.nat(2) }),
  )
  .map(([step, { axis }]) => (values: readonly Value[]) => {
    const layer = step(values) as (RawLayer & { inputs: readonly string[] }) | undefined;
    if (layer === undefined || axis === undefined) return layer;
    const shapes = layer.inputs.map((name) => values.find((one) => one.name === name)!.shape);
    const isSame = shapes.every((shape) => shape.join() === shapes[0]!.join());
    return { ...layer, axis: isSame ? 1 + (axis % shapes[0]!.length) : shapes[0]!.length };
  });

const places = ({ shape }: Value): string => [shape.length, ...shape.slice(0, -1)].join();
const sameShape = (a: Value, b: Value): boolean => a.shape.join() === b.shape.join();

/** A layer of any kind with any options, as often as it deserves tests. */
export const arbitraryLayer: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: conv2d },
  { weight: 5, arbitrary: dense },
  { weight: 2, arbitrary: merging('add', sameShape) },
  pairing('add'),
  { weight: 2, arbitrary: conv2dTranspose },
  { weight: 2, arbitrary: depthwiseConv2d },
  { weight: 2, arbitrary: maxPooling2d },
  { weight: 2, arbitrary: averagePooling2d },
  { weight: 2, arbitrary: batchNormalization },
  merging('multiply', sameShape),
  pairing('multiply'),
  { weight: 6, arbitrary: concatenate },
  { weight: 4, arbitrary: conv1d },
  { weight: 2, arbitrary: maxPooling1d },
  { weight: 2, arbitrary: averagePooling1d },
  { weight: 3, arbitrary: plain('globalAveragePooling1d', isSequence) },
  { weight: 3, arbitrary: plain('globalMaxPooling1d', isSequence) },
  lpPooling2d,
  lpPooling1d,
  ...normalisations,
  padding2d,
  cropping2d,
  resizing,
  slice,
  permute,
  { weight: 2, arbitrary: depthToSpace },
  spaceToDepth,
  pairing('subtract'),
  pairing('squaredDifference'),
  pairing('maximum'),
  pairing('minimum'),
  pairing('average'),
  dotting,
  { weight: 2, arbitrary: dividing },
  { weight: 2, arbitrary: plain('flatten', () => true) },
  activationLayer,
  reshape,
  { weight: 2, arbitrary: zeroPadding2d },
  { weight: 2, arbitrary: upSampling2d },
  plain('globalAveragePooling2d', isImage),
  plain('globalMaxPooling2d', isImage),
);
