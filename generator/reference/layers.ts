import type { Layer } from '../spec/network.ts';
import { batchNormalization } from './layers/batchNormalization.ts';
import { conv2dTranspose } from './layers/conv2dTranspose.ts';
import { conv1d, conv2d, depthwiseConv2d } from './layers/convolutions.ts';
import { dense } from './layers/dense.ts';
import { dropout } from './layers/dropout.ts';
import { biasAdd, prelu, rescaling } from './layers/elementwise.ts';
import {
  add,
  average,
  concatenate,
  divide,
  dot,
  maximum,
  minimum,
  multiply,
  squaredDifference,
  subtract,
} from './layers/merges.ts';
import {
  groupNormalization,
  instanceNormalization,
  layerNormalization,
  localResponseNormalization,
  unitNormalization,
} from './layers/normalizations.ts';
import { cropping2d, depthToSpace, padding2d, permute, slice, spaceToDepth } from './layers/places.ts';
import {
  averagePooling1d,
  averagePooling2d,
  globalAveragePooling1d,
  globalAveragePooling2d,
  globalMaxPooling1d,
  globalMaxPooling2d,
  lpPooling1d,
  lpPooling2d,
  maxPooling1d,
  maxPooling2d,
} from './layers/pools.ts';
import { reduceMean } from './layers/reductions.ts';
import { resizing, upSampling2d } from './layers/resampling.ts';
import { type LayerKind, type LayerRule, noParameters, type OptionsOf } from './layers/rule.ts';
import { flatten, reshape, zeroPadding2d } from './layers/shapes.ts';

/** z is the input as it is; the interpreter applies the activation. */
const activation: LayerRule<OptionsOf<'activation'>> = {
  shape: (_, [input]) => input!,
  parameters: noParameters,
  forward: (_, [x]) => x!,
};

/** The layer kinds, one naive rule each; a kind that is missing here does not compile. */
export const layerRules: { readonly [K in LayerKind]: LayerRule<OptionsOf<K>> } = {
  conv1d,
  conv2d,
  conv2dTranspose,
  depthwiseConv2d,
  dense,
  maxPooling2d,
  averagePooling2d,
  maxPooling1d,
  averagePooling1d,
  globalMaxPooling2d,
  globalAveragePooling2d,
  globalMaxPooling1d,
  globalAveragePooling1d,
  batchNormalization,
  layerNormalization,
  instanceNormalization,
  groupNormalization,
  localResponseNormalization,
  unitNormalization,
  lpPooling2d,
  lpPooling1d,
  reduceMean,
  flatten,
  reshape,
  cropping2d,
  slice,
  permute,
  padding2d,
  depthToSpace,
  spaceToDepth,
  activation,
  dropout,
  prelu,
  biasAdd,
  rescaling,
  zeroPadding2d,
  upSampling2d,
  resizing,
  add,
  multiply,
  subtract,
  divide,
  squaredDifference,
  maximum,
  minimum,
  average,
  dot,
  concatenate,
};

/** The rule of a layer, for the options of that layer. */
export function ruleOf(layer: Layer): LayerRule<Layer['options']> {
  // TypeScript cannot see that the rule and the options belong to the same kind; the table's type has said so.
  return layerRules[layer.type] as LayerRule<Layer['options']>;
}
