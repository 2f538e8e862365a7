import type { Options } from '../build/specBuilder.ts';
import { quote, refuse } from '../refuse.ts';
import type { KerasLayer } from './model.ts';

/** What a Keras layer becomes: layers of the spec, one behind the other. */
export interface Part {
  readonly type: string;
  readonly options: Options;
  /** The parameters that it takes of the layer's weights, in Keras' order. */
  readonly takes: readonly string[];
}

type Rule = (layer: KerasLayer) => readonly Part[];

/** Keras' layers whose options have the same meaning here. Names are those of Keras without regard to snake case. */
export const rules: Readonly<Record<string, Rule>> = {
  Conv1D: (layer) => convolution(layer, 'conv1d'),
  Conv2D: (layer) => convolution(layer, 'conv2d'),
  Convolution2D: (layer) => convolution(layer, 'conv2d'),
  Conv2DTranspose: (layer) => [
    withActivation(
      layer,
      'conv2dTranspose',
      { ...windowOf(layer), ...outputPadding(layer), ...bias(layer), filters: number(layer, 'filters') },
      kernelAnd(layer),
    ),
  ],
  DepthwiseConv2D: (layer) => [
    withActivation(
      layer,
      'depthwiseConv2d',
      { ...windowOf(layer), ...multiplier(layer), ...bias(layer) },
      kernelAnd(layer),
    ),
  ],
  SeparableConv2D: separable,
  Dense: (layer) => [
    withActivation(layer, 'dense', { units: number(layer, 'units'), ...bias(layer) }, kernelAnd(layer)),
  ],
  MaxPooling1D: (layer) => pool(layer, 'maxPooling1d'),
  MaxPooling2D: (layer) => pool(layer, 'maxPooling2d'),
  AveragePooling1D: (layer) => pool(layer, 'averagePooling1d'),
  AveragePooling2D: (layer) => pool(layer, 'averagePooling2d'),
  GlobalAveragePooling1D: (layer) => global(layer, 'globalAveragePooling1d'),
  GlobalAveragePooling2D: (layer) => global(layer, 'globalAveragePooling2d'),
  GlobalMaxPooling1D: (layer) => global(layer, 'globalMaxPooling1d'),
  GlobalMaxPooling2D: (layer) => global(layer, 'globalMaxPooling2d'),
  BatchNormalization: (layer) => [norm(layer, 'batchNormalization', ['movingMean', 'movingVariance'])],
  LayerNormalization: (layer) => [norm(layer, 'layerNormalization', [])],
  GroupNormalization: (layer) => {
    const part = norm(layer, 'groupNormalization', []);
    return [{ ...part, options: { ...part.options, groups: number(layer, 'groups') } }];
  },
  Flatten: () => plain('flatten'),
  Reshape: (layer) => plain('reshape', { shape: layer.config.target_shape }),
  Permute: (layer) => plain('permute', { dims: layer.config.dims }),
  Activation: (layer) => activation(layer, layer.config.activation),
  ReLU: relu,
  LeakyReLU: (layer) =>
    activation(layer, 'leaky_relu', { alpha: layer.config.alpha ?? layer.config.negative_slope ?? 0.3 }),
  ELU: (layer) => activation(layer, 'elu', { alpha: layer.config.alpha ?? 1 }),
  ThresholdedReLU: (layer) => activation(layer, 'thresholdedRelu', { theta: layer.config.theta ?? 1 }),
  Softmax: (layer) => (lastAxis(layer) ? activation(layer, 'softmax') : refuse(layer.name, 'axis', 'the last axis')),
  PReLU: prelu,
  ZeroPadding2D: (layer) => plain('zeroPadding2d', { padding: pairs(layer, layer.config.padding) }),
  Cropping2D: (layer) => plain('cropping2d', { cropping: pairs(layer, layer.config.cropping) }),
  UpSampling2D: (layer) => {
    const { size = 2, interpolation = 'nearest' } = layer.config;
    return plain('upSampling2d', { size: short(size), ...(interpolation === 'nearest' ? {} : { interpolation }) });
  },
  Resizing: (layer) =>
    plain('resizing', {
      height: layer.config.height,
      width: layer.config.width,
      interpolation: layer.config.interpolation ?? 'bilinear',
    }),
  UnitNormalization: (layer) => plain('unitNormalization', { axis: layer.config.axis ?? -1 }),
  Rescaling: (layer) => plain('rescaling', { scale: layer.config.scale, offset: layer.config.offset ?? 0 }),
  Add: () => plain('add'),
  Subtract: () => plain('subtract'),
  Multiply: () => plain('multiply'),
  Average: () => plain('average'),
  Maximum: () => plain('maximum'),
  Minimum: () => plain('minimum'),
  Dot: (layer) =>
    layer.config.axes === 1 || layer.config.axes === -1
      ? plain('dot')
      : refuse(`${layer.name}.axes`, 'other axes', '1: of two vectors'),
  Concatenate: (layer) => plain('concatenate', lastAxis(layer) ? {} : { axis: layer.config.axis }),
};

/** Layers that do nothing once a network is trained. */
export const transparent = [
  'InputLayer',
  'Dropout',
  'SpatialDropout1D',
  'SpatialDropout2D',
  'GaussianNoise',
  'GaussianDropout',
  'ActivityRegularization',
  'AlphaDropout',
];

function plain(type: string, options: Options = {}): readonly Part[] {
  return [{ type, options, takes: [] }];
}

function number({ name, config }: KerasLayer, key: string): number {
  const value = config[key];
  return typeof value === 'number'
    ? value
    : refuse(`${name}.${key}`, JSON.stringify(value)?.slice(0, 60) ?? 'nothing', 'a number');
}

function lastAxis({ config }: KerasLayer): boolean {
  return config.axis === undefined || config.axis === -1 || (Array.isArray(config.axis) && config.axis.length === 1);
}

/** 3 for [3, 3], and for [3]. */
function short(value: unknown): unknown {
  return Array.isArray(value) && value.length > 0 && value.every((one) => one === value[0]) ? value[0] : value;
}

function without(value: unknown, usual: unknown, key: string): Options {
  const own = short(value);
  return own === undefined || own === null || own === usual ? {} : { [key]: own };
}

function channelsLast({ name, config }: KerasLayer): void {
  if (config.data_format === 'channels_first' || config.data_format === 'channelsFirst') {
    refuse(`${name}.data_format`, 'channels_first', 'channels_last');
  }
}

function windowOf(layer: KerasLayer): Options {
  channelsLast(layer);
  const { kernel_size, strides, padding, dilation_rate } = layer.config;
  return {
    kernelSize: short(kernel_size),
    ...without(strides, 1, 'strides'),
    ...without(padding, 'valid', 'padding'),
    ...without(dilation_rate, 1, 'dilationRate'),
  };
}

function bias({ config }: KerasLayer): Options {
  return config.use_bias === false ? { useBias: false } : {};
}

function kernelAnd({ config }: KerasLayer): readonly string[] {
  return config.use_bias === false ? ['kernel'] : ['kernel', 'bias'];
}

function multiplier({ config }: KerasLayer): Options {
  return without(config.depth_multiplier, 1, 'depthMultiplier');
}

function outputPadding({ config }: KerasLayer): Options {
  return without(config.output_padding, undefined, 'outputPadding');
}

function convolution(layer: KerasLayer, type: string): readonly Part[] {
  const options = {
    filters: number(layer, 'filters'),
    ...windowOf(layer),
    ...without(layer.config.groups, 1, 'groups'),
    ...bias(layer),
  };
  return [withActivation(layer, type, options, kernelAnd(layer))];
}

/** A depthwise convolution and one of 1 × 1 behind it. */
function separable(layer: KerasLayer): readonly Part[] {
  const depthwise = { ...windowOf(layer), ...multiplier(layer), useBias: false };
  const options = { filters: number(layer, 'filters'), kernelSize: 1, ...bias(layer) };
  return [
    { type: 'depthwiseConv2d', options: depthwise, takes: ['kernel'] },
    withActivation(layer, 'conv2d', options, kernelAnd(layer)),
  ];
}

function pool(layer: KerasLayer, type: string): readonly Part[] {
  channelsLast(layer);
  const { pool_size = 2, strides, padding } = layer.config;
  const size = short(pool_size);
  return plain(type, { poolSize: size, ...without(strides, size, 'strides'), ...without(padding, 'valid', 'padding') });
}

function global(layer: KerasLayer, type: string): readonly Part[] {
  channelsLast(layer);
  const isKept = layer.config.keepdims === true;
  return isKept ? refuse(`${layer.name}.keepdims`, 'true', 'false') : plain(type);
}

/** Scale and shift may be switched off: then they are 1 and 0, and not among the weights. */
function norm(layer: KerasLayer, type: string, statistics: readonly string[]): Part {
  const { scale = true, center = true, epsilon = 1e-3 } = layer.config;
  const takes = [...(scale === false ? [] : ['gamma']), ...(center === false ? [] : ['beta']), ...statistics];
  return { type, options: epsilon === 1e-3 ? {} : { epsilon }, takes };
}

const activationNames: Readonly<Record<string, string>> = {
  leaky_relu: 'leakyRelu',
  log_softmax: 'logSoftmax',
  log_sigmoid: 'logSigmoid',
  hard_silu: 'hardSwish',
  hard_swish: 'hardSwish',
  hard_shrink: 'hardShrink',
  soft_shrink: 'softShrink',
  swish: 'silu',
  exponential: 'exp',
};

/**
 * An activation by its Keras name. hard_sigmoid was clip(0.2·x + ½) up to Keras 2 and relu6(x + 3)/6 since; models say
 * which by the version that wrote them, which the reader puts into the configuration.
 */
function activationOptions(layer: KerasLayer, value: unknown): Options {
  const name = typeof value === 'string' ? value : (value as { config?: unknown; class_name?: string } | null)?.config;
  if (value === undefined || value === null || name === 'linear') return {};
  if (typeof name !== 'string') return refuse(`${layer.name}.activation`, JSON.stringify(value).slice(0, 60), 'a name');
  if (name === 'hard_sigmoid' || name === 'hardSigmoid') {
    return { activation: 'hardSigmoid', ...(layer.config.keras_version_is_3 === true ? {} : { alpha: 0.2 }) };
  }
  return { activation: activationNames[name] ?? name };
}

function withActivation(layer: KerasLayer, type: string, options: Options, takes: readonly string[]): Part {
  return { type, options: { ...options, ...activationOptions(layer, layer.config.activation) }, takes };
}

function activation(layer: KerasLayer, value: unknown, numbers: Options = {}): readonly Part[] {
  return plain('activation', { activation: 'linear', ...activationOptions(layer, value), ...numbers });
}

/** relu with a maximum, a slope below 0, or a threshold: one of them at a time. */
function relu(layer: KerasLayer): readonly Part[] {
  const { max_value: most, negative_slope: slope = 0, threshold = 0 } = layer.config;
  if (slope === 0 && threshold === 0) {
    if (most === undefined || most === null) return activation(layer, 'relu');
    return most === 6 ? activation(layer, 'relu6') : activation(layer, 'relu', { maxValue: most });
  }
  if (threshold === 0 && (most === undefined || most === null))
    return activation(layer, 'leaky_relu', { alpha: slope });
  if (slope === 0 && (most === undefined || most === null))
    return activation(layer, 'thresholdedRelu', { theta: threshold });
  return refuse(layer.name, 'a ReLU with several of max_value, negative_slope and threshold', 'one of them');
}

function prelu({ config }: KerasLayer): readonly Part[] {
  const isShared = Array.isArray(config.shared_axes) && config.shared_axes.length > 0;
  return [{ type: 'prelu', options: isShared ? {} : { perPlace: true }, takes: ['alpha'] }];
}

/** 1, [1, 2] or [[1, 1], [2, 2]]. */
function pairs(layer: KerasLayer, value: unknown): unknown {
  channelsLast(layer);
  const [rows, columns] =
    typeof value === 'number' ? [value, value] : Array.isArray(value) ? value : [undefined, undefined];
  return [rows, columns].map((side) => (typeof side === 'number' ? [side, side] : side));
}

export function ruleOf(layer: KerasLayer): Rule {
  const rule = Object.hasOwn(rules, layer.kind) ? rules[layer.kind] : undefined;
  return rule ?? refuse(quote(layer.name), `a layer ${quote(layer.kind)}`, 'a layer that longhand has');
}
