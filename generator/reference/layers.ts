import type { Layer } from '../spec/network.ts';
import { batchNormalization } from './layers/batchNormalization.ts';
import { conv2dTranspose } from './layers/conv2dTranspose.ts';
import { conv2d, depthwiseConv2d } from './layers/convolutions.ts';
import { dense } from './layers/dense.ts';
import { add, concatenate, multiply } from './layers/merges.ts';
import { averagePooling2d, globalAveragePooling2d, globalMaxPooling2d, maxPooling2d } from './layers/pools.ts';
import { type LayerKind, type LayerRule, noParameters, type OptionsOf } from './layers/rule.ts';
import { flatten, reshape, upSampling2d, zeroPadding2d } from './layers/shapes.ts';

/** z is the input as it is; the interpreter applies the activation. */
const activation: LayerRule<OptionsOf<'activation'>> = {
  shape: (_, [input]) => input!,
  parameters: noParameters,
  forward: (_, [x]) => x!,
};

/** The layer kinds, one naive rule each; a kind that is missing here does not compile. */
export const layerRules: { readonly [K in LayerKind]: LayerRule<OptionsOf<K>> } = {
  conv2d,
  conv2dTranspose,
  depthwiseConv2d,
  dense,
  maxPooling2d,
  averagePooling2d,
  globalAveragePooling2d,
  globalMaxPooling2d,
  batchNormalization,
  flatten,
  reshape,
  activation,
  zeroPadding2d,
  upSampling2d,
  add,
  multiply,
  concatenate,
};

/** The rule of a layer, for the options of that layer. */
export function ruleOf(layer: Layer): LayerRule<Layer['options']> {
  // TypeScript cannot see that the rule and the options belong to the same kind; the table's type has said so.
  return layerRules[layer.type] as LayerRule<Layer['options']>;
}
