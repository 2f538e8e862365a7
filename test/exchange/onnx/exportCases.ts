import { activationNames } from '../../../generator/layers/options.ts';
import { layers } from '../../../generator/layers/registry.ts';

/** A network for every layer kind and every way to write it, small and of odd sizes. */
export interface ExportCase {
  readonly name: string;
  /** Why it cannot be read back: the operators are ONNX's, and no layer has them. */
  readonly oneWay?: string;
  /** Why its weights come back in another order or number. */
  readonly otherWeights?: string;
  readonly spec: {
    readonly input: readonly number[];
    readonly layers: readonly ({ readonly type: string } & Readonly<Record<string, unknown>>)[];
  };
}

const image = [5, 7, 4];
const one = (type: string, options: object = {}, input: readonly number[] = image): ExportCase => ({
  name: `${type} ${JSON.stringify(options)} on ${input.join('×')}`,
  spec: { input, layers: [{ type, ...options }] },
});

/** Two branches of one shape that meet in a layer, one of them behind a convolution. */
const two = (type: string, options: object = {}): ExportCase => ({
  name: `${type} ${JSON.stringify(options)}`,
  spec: {
    input: image,
    layers: [
      { type: 'conv2d', name: 'a', filters: 4, kernelSize: 3, padding: 'same' },
      { type: 'activation', name: 'b', inputs: ['input'], activation: 'sigmoid' },
      { type, inputs: ['a', 'b'], ...options },
    ],
  },
});

const windows = [
  {},
  { padding: 'same' },
  { padding: 'same', strides: 2 },
  {
    strides: [2, 3],
    padding: [
      [1, 0],
      [0, 1],
    ],
  },
];

export const exportCases: readonly ExportCase[] = [
  ...windows.map((window) => one('conv2d', { filters: 3, kernelSize: [3, 2], ...window })),
  one('conv2d', { filters: 4, kernelSize: 3, groups: 2, dilationRate: 2, padding: 'same', useBias: false }),
  {
    ...one('conv2d', { filters: 2, kernelSize: [2, 3], flipKernel: true }),
    otherWeights: 'the kernel is written as it is used, turned round',
  },
  ...windows.map((window) => one('depthwiseConv2d', { kernelSize: 2, depthMultiplier: 2, ...window })),
  ...['valid', 'same'].map((padding) => one('conv2dTranspose', { filters: 3, kernelSize: 3, strides: 2, padding })),
  one('conv2dTranspose', {
    filters: 3,
    kernelSize: [2, 4],
    strides: [3, 2],
    padding: [
      [0, 1],
      [1, 1],
    ],
  }),
  one('conv2dTranspose', { filters: 4, kernelSize: 3, strides: 2, padding: 'same', outputPadding: 1, groups: 2 }),
  one('conv2dTranspose', { filters: 2, kernelSize: 2, strides: 3, padding: 'valid', useBias: false }),
  one('conv1d', { filters: 3, kernelSize: 3, padding: 'causal', dilationRate: 2 }, [9, 2]),
  one('conv1d', { filters: 4, kernelSize: 3, strides: 2, padding: 'same', groups: 2, activation: 'relu' }, [9, 2]),
  one('dense', { units: 3, activation: 'softmax' }, [6]),
  ...['maxPooling2d', 'averagePooling2d'].flatMap((type) => [
    ...windows.map((window) => one(type, { poolSize: [2, 3], ...window })),
    one(type, { poolSize: 2, ceilMode: true }),
  ]),
  one('averagePooling2d', {
    poolSize: 3,
    strides: 2,
    padding: [
      [1, 1],
      [1, 1],
    ],
    countIncludePad: true,
  }),
  one('maxPooling2d', { poolSize: 2, dilationRate: 2, strides: 1 }),
  one('maxPooling1d', { poolSize: 3, strides: 2, padding: 'same' }, [8, 3]),
  one('averagePooling1d', { poolSize: 2, strides: 2, ceilMode: true }, [7, 3]),
  ...['globalAveragePooling2d', 'globalMaxPooling2d', 'flatten'].map((type) => one(type)),
  ...['globalAveragePooling1d', 'globalMaxPooling1d', 'flatten'].map((type) => one(type, {}, [6, 3])),
  one('lpPooling2d', { poolSize: [2, 3], order: 3, padding: 'same' }),
  one('lpPooling1d', { poolSize: 3, strides: 2 }, [8, 3]),
  one('reduceMean', { axes: [1, 3] }),
  one('reduceMean', {}, [6, 3]),
  one('reduceMean', { axes: [-2], keepDims: true }),
  one('unitNormalization', { axis: 1 }),
  one('unitNormalization', { order: 1 }, [6]),
  one('upSampling2d', { size: 2, interpolation: 'bicubic' }),
  one('resizing', { height: 10, width: 14, interpolation: 'bicubic', cubicCoefficient: -0.75, excludeOutside: false }),
  one('batchNormalization', { epsilon: 0.01 }),
  one('batchNormalization', {}, [5]),
  one('reshape', { shape: [7, 4, 5] }),
  one('reshape', { shape: [3, 2, 2] }, [12]),
  one('zeroPadding2d', {
    padding: [
      [1, 0],
      [2, 1],
    ],
  }),
  ...['constant', 'reflect', 'edge'].map((mode) =>
    one('padding2d', {
      padding: [
        [1, 0],
        [2, 1],
      ],
      mode,
    }),
  ),
  one('padding2d', {
    padding: [
      [1, 1],
      [0, 0],
    ],
    value: -1.5,
  }),
  one('cropping2d', {
    cropping: [
      [1, 0],
      [2, 1],
    ],
  }),
  one('slice', { begin: [1, 6, 0], size: [2, 4, 3], strides: [2, -2, 1] }),
  one('permute', { dims: [3, 1, 2] }),
  one('upSampling2d', { size: [2, 3] }),
  one('upSampling2d', { size: 2, interpolation: 'bilinear' }),
  one('resizing', { height: 8, width: 5, interpolation: 'nearest' }),
  ...['halfPixel', 'alignCorners', 'asymmetric'].map((coordinates) =>
    one('resizing', { height: 9, width: 4, coordinates }),
  ),
  ...['dcr', 'crd'].map((order) => one('depthToSpace', { blockSize: 2, order }, [3, 2, 8])),
  one('spaceToDepth', { blockSize: 2 }, [4, 6, 3]),
  { ...one('spaceToDepth', { blockSize: 2, order: 'crd' }, [4, 6, 3]), oneWay: 'a permutation of six axes' },
  ...['add', 'multiply', 'subtract', 'divide', 'maximum', 'minimum', 'average', 'squaredDifference'].map((type) =>
    two(type),
  ),
  two('concatenate'),
  two('concatenate', { axis: 1 }),
  {
    name: 'a frozen dense layer that is used twice',
    otherWeights: 'each use has its own',
    spec: {
      input: [4],
      layers: [
        { type: 'dense', name: 'once-more', units: 4, activation: 'tanh', trainable: false },
        { type: 'dense', weightsOf: 'once-more' },
      ],
    },
  },
  {
    name: 'dot',
    spec: {
      input: [6],
      layers: [
        { type: 'dense', name: 'a', units: 3 },
        { type: 'dense', name: 'b', units: 3, inputs: ['input'] },
        { type: 'dot', inputs: ['a', 'b'] },
      ],
    },
  },
  {
    name: 'multiply of an image and its channels',
    spec: {
      input: image,
      layers: [
        { type: 'globalAveragePooling2d', name: 's' },
        { type: 'multiply', inputs: ['input', 's'] },
      ],
    },
  },
  one('prelu'),
  one('prelu', { perPlace: true }),
  one('biasAdd'),
  one('biasAdd', { perPlace: true }),
  one('rescaling', { scale: 0.5, offset: -1 }),
  { ...one('dropout', { rate: 0.3 }), oneWay: 'outside of training it does nothing' },
  one('layerNormalization'),
  one('layerNormalization', {}, [6]),
  one('groupNormalization', { groups: 2 }),
  one('instanceNormalization'),
  one('localResponseNormalization', { depthRadius: 1, alpha: 0.3, beta: 0.75 }),
  ...activationNames.filter((name) => name !== 'step').map((activation) => one('activation', { activation })),
  { ...one('activation', { activation: 'step' }), oneWay: 'a comparison' },
  one('activation', { activation: 'clip', minValue: -0.5, maxValue: 0.25 }),
  one('activation', { activation: 'softmax' }, [6]),
  ...['leakyRelu', 'elu', 'celu', 'hardSigmoid'].map((activation) =>
    one('conv2d', { filters: 2, kernelSize: 1, activation, alpha: 0.3 }),
  ),
];

/** Kinds that no case names. */
export function kindsWithoutCase(): readonly string[] {
  const named = new Set(exportCases.flatMap(({ spec }) => spec.layers.map(({ type }) => type)));
  return Object.keys(layers).filter((kind) => !named.has(kind));
}
