import type { z } from 'zod';
import { activation } from './activation.ts';
import { add } from './add.ts';
import { average } from './average.ts';
import { averagePooling1d } from './averagePooling1d.ts';
import { averagePooling2d } from './averagePooling2d.ts';
import { batchNormalization } from './batchNormalization.ts';
import { biasAdd } from './biasAdd.ts';
import { concatenate } from './concatenate.ts';
import { conv1d } from './conv1d.ts';
import { conv2d } from './conv2d.ts';
import { conv2dTranspose } from './conv2dTranspose.ts';
import { cropping2d } from './cropping2d.ts';
import { dense } from './dense.ts';
import { depthToSpace } from './depthToSpace.ts';
import { depthwiseConv2d } from './depthwiseConv2d.ts';
import { divide } from './divide.ts';
import { dot } from './dot.ts';
import { dropout } from './dropout.ts';
import { flatten } from './flatten.ts';
import { globalAveragePooling1d } from './globalAveragePooling1d.ts';
import { globalAveragePooling2d } from './globalAveragePooling2d.ts';
import { globalMaxPooling1d } from './globalMaxPooling1d.ts';
import { globalMaxPooling2d } from './globalMaxPooling2d.ts';
import { groupNormalization } from './groupNormalization.ts';
import { instanceNormalization } from './instanceNormalization.ts';
import { layerNormalization } from './layerNormalization.ts';
import { localResponseNormalization } from './localResponseNormalization.ts';
import { lpPooling1d } from './lpPooling1d.ts';
import { lpPooling2d } from './lpPooling2d.ts';
import { maximum } from './maximum.ts';
import { maxPooling1d } from './maxPooling1d.ts';
import { maxPooling2d } from './maxPooling2d.ts';
import { minimum } from './minimum.ts';
import { multiply } from './multiply.ts';
import { padding2d } from './padding2d.ts';
import { permute } from './permute.ts';
import { prelu } from './prelu.ts';
import { reduceMean } from './reduceMean.ts';
import { rescaling } from './rescaling.ts';
import { reshape } from './reshape.ts';
import { resizing } from './resizing.ts';
import { slice } from './slice.ts';
import { spaceToDepth } from './spaceToDepth.ts';
import { squaredDifference } from './squaredDifference.ts';
import { subtract } from './subtract.ts';
import { unitNormalization } from './unitNormalization.ts';
import { upSampling2d } from './upSampling2d.ts';
import { zeroPadding2d } from './zeroPadding2d.ts';

/** Every layer kind, one line each. */
export const layers = {
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
  dropout,
  zeroPadding2d,
  upSampling2d,
  add,
  multiply,
  concatenate,
  conv1d,
  maxPooling1d,
  averagePooling1d,
  globalAveragePooling1d,
  globalMaxPooling1d,
  lpPooling2d,
  lpPooling1d,
  reduceMean,
  prelu,
  biasAdd,
  rescaling,
  layerNormalization,
  groupNormalization,
  instanceNormalization,
  localResponseNormalization,
  unitNormalization,
  padding2d,
  cropping2d,
  resizing,
  slice,
  permute,
  depthToSpace,
  spaceToDepth,
  subtract,
  divide,
  maximum,
  minimum,
  average,
  squaredDifference,
  dot,
};

export type LayerKind = keyof typeof layers;

/** The options of each layer kind with their defaults filled in. */
export type LayerOptions = { readonly [K in LayerKind]: z.output<(typeof layers)[K]['options']> };
