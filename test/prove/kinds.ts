import type { layers } from '../../generator/layers/registry.ts';

const row = { type: 'reshape', shape: [6, 3] };

/** For every layer kind a network in which it stands between others; a kind that is missing here does not compile. */
export const kinds: { readonly [K in keyof typeof layers]: readonly object[] } = {
  conv2d: [{ type: 'conv2d', filters: 4, kernelSize: 2, groups: 2, dilationRate: 2, padding: 'same' }],
  conv2dTranspose: [{ type: 'conv2dTranspose', filters: 3, kernelSize: 2, strides: 3 }],
  depthwiseConv2d: [{ type: 'depthwiseConv2d', kernelSize: 2, depthMultiplier: 2, strides: 2 }],
  conv1d: [row, { type: 'conv1d', filters: 2, kernelSize: 2, padding: 'causal', dilationRate: 2 }],
  maxPooling1d: [row, { type: 'maxPooling1d', poolSize: 3, strides: 2 }],
  averagePooling1d: [row, { type: 'averagePooling1d', poolSize: 4, padding: 'same', countIncludePad: true }],
  globalAveragePooling1d: [row, { type: 'globalAveragePooling1d' }],
  globalMaxPooling1d: [row, { type: 'globalMaxPooling1d' }],
  layerNormalization: [{ type: 'layerNormalization' }],
  groupNormalization: [{ type: 'groupNormalization', groups: 2 }],
  instanceNormalization: [{ type: 'instanceNormalization' }],
  localResponseNormalization: [{ type: 'localResponseNormalization', depthRadius: 1, alpha: 0.25, beta: 0.75 }],
  lpPooling2d: [{ type: 'lpPooling2d', poolSize: 2, order: 3, padding: 'same' }],
  lpPooling1d: [row, { type: 'lpPooling1d', poolSize: 3, strides: 2, order: 2 }],
  reduceMean: [{ type: 'reduceMean', axes: [1, -1] }],
  unitNormalization: [{ type: 'unitNormalization', axis: 2 }],
  prelu: [{ type: 'prelu' }],
  biasAdd: [{ type: 'biasAdd', perPlace: true }],
  rescaling: [{ type: 'rescaling', scale: 0.3, offset: -1 }],
  padding2d: [
    {
      type: 'padding2d',
      mode: 'reflect',
      padding: [
        [1, 2],
        [0, 1],
      ],
    },
  ],
  cropping2d: [{ type: 'cropping2d', cropping: 1 }],
  slice: [{ type: 'slice', begin: [2, 0, 1], size: [3, 2, 1], strides: [-1, 2, 1] }],
  permute: [{ type: 'permute', dims: [3, 1, 2] }],
  depthToSpace: [{ type: 'conv2d', filters: 8, kernelSize: 2 }, { type: 'depthToSpace' }],
  spaceToDepth: [{ type: 'conv2d', filters: 1, kernelSize: 2 }, { type: 'spaceToDepth' }],
  resizing: [
    { type: 'resizing', height: 5, width: 2 },
    { type: 'resizing', height: 3, width: 3, interpolation: 'bicubic', cubicCoefficient: -0.75, excludeOutside: false },
  ],
  subtract: [{ type: 'subtract', inputs: ['before', 'input'] }],
  divide: [{ type: 'divide', inputs: ['input', 'positive'] }],
  maximum: [{ type: 'maximum', inputs: ['before', 'input', 'before'] }],
  minimum: [{ type: 'minimum', inputs: ['before', 'input'] }],
  average: [{ type: 'average', inputs: ['before', 'input'] }],
  squaredDifference: [{ type: 'squaredDifference', inputs: ['before', 'input'] }],
  dot: [
    { type: 'globalAveragePooling2d', name: 'mean' },
    { type: 'globalMaxPooling2d', inputs: ['input'] },
    { type: 'dot', inputs: ['mean', 'globalMaxPooling2d1'] },
  ],
  dense: [{ type: 'flatten' }, { type: 'dense', units: 3 }],
  maxPooling2d: [{ type: 'maxPooling2d', poolSize: 3, strides: 2, padding: 'same' }],
  averagePooling2d: [{ type: 'averagePooling2d', poolSize: 3, strides: 2, padding: 'same' }],
  globalAveragePooling2d: [{ type: 'globalAveragePooling2d' }],
  globalMaxPooling2d: [{ type: 'globalMaxPooling2d' }],
  batchNormalization: [
    { type: 'batchNormalization' },
    { type: 'batchNormalization', statistics: 'batch', momentum: 0.5 },
    { type: 'batchNormalization', statistics: 'learned' },
  ],
  dropout: [{ type: 'dropout', rate: 0.25 }],
  flatten: [{ type: 'flatten' }],
  reshape: [{ type: 'reshape', shape: [2, 9, 1] }],
  activation: [{ type: 'activation', activation: 'softmax' }],
  zeroPadding2d: [
    {
      type: 'zeroPadding2d',
      padding: [
        [1, 0],
        [2, 1],
      ],
    },
  ],
  upSampling2d: [
    { type: 'upSampling2d', size: 2 },
    { type: 'maxPooling2d', poolSize: 2, ties: 'all' },
  ],
  add: [{ type: 'add', inputs: ['before', 'input'] }],
  multiply: [{ type: 'multiply', inputs: ['before', 'before', 'input'] }],
  concatenate: [{ type: 'concatenate', inputs: ['before', 'input'] }],
};

/** A network in which layers stand behind a convolution and, where they ask for it, something positive. */
export function specOfKind(layersOfKind: readonly object[]): object {
  const before = { type: 'conv2d', name: 'before', filters: 2, kernelSize: 1, activation: 'relu' };
  const positive = { type: 'activation', name: 'positive', activation: 'exp' };
  const first = layersOfKind.some((layer) => JSON.stringify(layer).includes('positive'))
    ? [before, positive]
    : [before];
  return { name: 'kind', input: [3, 3, 2], layers: [...first, ...layersOfKind], loss: 'squaredError' };
}
