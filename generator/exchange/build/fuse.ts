import { definitionOf, isLayerKind } from '../../spec/schema.ts';
import type { Activation } from './activation.ts';
import { activationOf } from './arrange.ts';
import type { BuiltLayer, Options, SpecBuilder } from './specBuilder.ts';

/** The layer that computes a value, if nothing else reads it and so it may change. */
export function ownLayer(builder: SpecBuilder, value: Activation): BuiltLayer | undefined {
  return value.isShared ? undefined : builder.layerOf(value.layer);
}

/** Applies an activation: as an option of the layer where it has one to give, else as a layer of its own. */
export function activate(builder: SpecBuilder, value: Activation, options: Options): Activation {
  const layer = ownLayer(builder, value);
  if (layer !== undefined && takesActivation(layer)) {
    layer.options = { ...layer.options, ...options };
    return value;
  }
  return activationOf(builder.add('activation', [value.layer], options), value.dims, value.order);
}

function takesActivation({ type, options }: BuiltLayer): boolean {
  if (type === 'activation' || !isLayerKind(type)) return false;
  return Object.hasOwn(definitionOf(type).options.shape, 'activation') && options.activation === undefined;
}

/** Adds a bias for each channel to a layer that has none yet; whether it could. */
export function addBias(builder: SpecBuilder, value: Activation, bias: ArrayLike<number>): boolean {
  const layer = ownLayer(builder, value);
  if (layer?.options.useBias !== false || layer.options.activation !== undefined) return false;
  const { useBias: _, ...options } = layer.options;
  layer.options = options;
  layer.parameters = { ...layer.parameters, bias };
  return true;
}

/** The layers in whose kernels the output channels come last. */
const channelsComeLast = ['conv2d', 'conv1d', 'depthwiseConv2d', 'dense'];

/** Multiplies what a layer computes by a scale for each channel, and adds a shift; whether it could. */
export function foldScale(builder: SpecBuilder, value: Activation, scale: Float64Array, shift: Float64Array): boolean {
  const layer = ownLayer(builder, value);
  if (layer === undefined || !channelsComeLast.includes(layer.type) || layer.options.activation !== undefined)
    return false;
  const kernel = Float64Array.from(layer.parameters.kernel!, (w, n) => w * scale[n % scale.length]!);
  const before = layer.parameters.bias;
  const bias = Float64Array.from(scale, (s, c) => (before?.[c] ?? 0) * s + shift[c]!);
  const { useBias: _, ...options } = layer.options;
  layer.options = options;
  layer.parameters = { kernel, bias };
  return true;
}
