import type { Layer, LossName, Network, Shape } from '../../generator/spec/network.ts';

/** A layer as it stands in a spec file. */
export type RawLayer = { readonly type: Layer['type'] } & Readonly<Record<string, unknown>>;

/** A spec as it stands in its file. */
export interface RawNetwork {
  readonly name: string;
  readonly input: Shape;
  readonly layers: readonly RawLayer[];
  readonly loss?: LossName | ({ readonly type: LossName } & Readonly<Record<string, unknown>>);
}

const activationDefaults = { activation: 'linear' };
const convDefaults = { strides: 1, padding: 'valid', useBias: true, ...activationDefaults };
const poolDefaults = { poolSize: 2, padding: 'valid', dilationRate: 1, ceilMode: false };
const pairOptions = ['kernelSize', 'strides', 'dilationRate', 'poolSize', 'size', 'outputPadding'];
/** Kinds whose windows have one axis only. */
const alongOneAxis = ['conv1d', 'maxPooling1d', 'averagePooling1d', 'lpPooling1d'];

const defaults: { readonly [K in Layer['type']]: Readonly<Record<string, unknown>> } = {
  conv2d: { ...convDefaults, dilationRate: 1, groups: 1, flipKernel: false },
  conv1d: { ...convDefaults, dilationRate: 1, groups: 1, flipKernel: false },
  conv2dTranspose: { ...convDefaults, dilationRate: 1, groups: 1 },
  depthwiseConv2d: { ...convDefaults, dilationRate: 1, depthMultiplier: 1 },
  dense: { useBias: true, ...activationDefaults },
  maxPooling2d: { ...poolDefaults, ties: 'first' },
  averagePooling2d: { ...poolDefaults, countIncludePad: false },
  maxPooling1d: { ...poolDefaults, ties: 'first' },
  averagePooling1d: { ...poolDefaults, countIncludePad: false },
  lpPooling2d: { ...poolDefaults, order: 2 },
  lpPooling1d: { ...poolDefaults, order: 2 },
  reduceMean: { keepDims: false },
  globalAveragePooling1d: {},
  globalMaxPooling1d: {},
  globalAveragePooling2d: {},
  globalMaxPooling2d: {},
  batchNormalization: { epsilon: 1e-3 },
  layerNormalization: { epsilon: 1e-3 },
  groupNormalization: { groups: 32, epsilon: 1e-3 },
  instanceNormalization: { epsilon: 1e-3 },
  localResponseNormalization: { depthRadius: 5, bias: 1, alpha: 1, beta: 0.5 },
  unitNormalization: { axis: -1, order: 2 },
  prelu: { perPlace: false },
  biasAdd: { perPlace: false },
  rescaling: { offset: 0 },
  flatten: {},
  reshape: {},
  activation: {},
  dropout: {},
  zeroPadding2d: {},
  padding2d: { mode: 'constant', value: 0 },
  cropping2d: {},
  slice: {},
  permute: {},
  depthToSpace: { blockSize: 2, order: 'dcr' },
  spaceToDepth: { blockSize: 2, order: 'dcr' },
  upSampling2d: { size: 2, interpolation: 'nearest' },
  resizing: { interpolation: 'bilinear', coordinates: 'halfPixel' },
  add: {},
  multiply: {},
  subtract: {},
  divide: {},
  maximum: {},
  minimum: {},
  average: {},
  squaredDifference: {},
  dot: {},
  concatenate: { axis: -1 },
};

const classDefaults = { reduction: 'sum', fromLogits: false };
const mean = { reduction: 'mean' };
const lossDefaults: { readonly [K in LossName]: Readonly<Record<string, unknown>> } = {
  squaredError: { reduction: 'sum' },
  meanSquaredError: { reduction: 'mean' },
  meanAbsoluteError: { reduction: 'mean' },
  meanAbsolutePercentageError: mean,
  meanSquaredLogarithmicError: mean,
  huber: { reduction: 'mean', delta: 1 },
  logCosh: mean,
  squaredHinge: { reduction: 'mean', zeroOne: false },
  hinge: { reduction: 'mean', squared: false, zeroOne: false },
  poisson: { reduction: 'mean', epsilon: 1e-7 },
  binaryCrossentropy: { reduction: 'mean', fromLogits: false },
  categoricalCrossentropy: { ...classDefaults, labelSmoothing: 0 },
  sparseCategoricalCrossentropy: classDefaults,
  negativeLogLikelihood: { reduction: 'sum' },
  categoricalHinge: mean,
  kullbackLeiblerDivergence: mean,
  cosineProximity: mean,
  cosineDistance: mean,
};

function lossWithDefaults(loss: RawNetwork['loss']): { readonly type?: LossName } {
  if (loss === undefined) return {};
  const given = typeof loss === 'string' ? { type: loss } : loss;
  return { ...lossDefaults[given.type], ...given };
}

/** The network of a spec that is known to be right: the reference's tests do not lean on the generator's parser. */
export function normalize(spec: RawNetwork): Network {
  const layers: Layer[] = [];
  const counts = new Map<string, number>();
  for (const raw of spec.layers) {
    const number = (counts.get(raw.type) ?? 0) + 1;
    counts.set(raw.type, number);
    const owner = spec.layers.find(({ name }) => name !== undefined && name === raw.weightsOf);
    const whole = owner === undefined ? raw : { ...owner, name: undefined, inputs: undefined, ...raw };
    layers.push(normalizeLayer(whole, `${raw.type}${number}`, layers.at(-1)?.name ?? 'input'));
  }
  const { type: loss, ...lossOptions } = lossWithDefaults(spec.loss);
  return { name: spec.name, input: spec.input, layers, loss, lossOptions, optimizer: { type: 'sgd' } } as Network;
}

function normalizeLayer(raw: RawLayer, defaultName: string, before: string): Layer {
  const { type, name = defaultName, inputs = [before], weightsOf, trainable, ...given } = raw;
  const options: Record<string, unknown> = { ...defaults[type], ...given };
  for (const option of alongOneAxis.includes(type) ? [] : pairOptions) {
    const value = options[option];
    if (typeof value === 'number') options[option] = [value, value];
  }
  if (typeof options.cropping === 'number') options.cropping = pairsOf(options.cropping);
  const more = { ...(weightsOf !== undefined && { weightsOf }), ...(trainable === false && { trainable }) };
  return { type, name, inputs, options, ...more } as unknown as Layer;
}

const pairsOf = (n: number) => [
  [n, n],
  [n, n],
];

/** A network of the given layers without a loss. */
export function networkOf(input: Shape, ...layers: readonly RawLayer[]): Network {
  return normalize({ name: 'case', input, layers });
}
