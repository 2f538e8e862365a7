import type { z } from 'zod';
import { activation } from './activation.ts';
import { add } from './add.ts';
import { averagePooling2d } from './averagePooling2d.ts';
import { batchNormalization } from './batchNormalization.ts';
import { concatenate } from './concatenate.ts';
import { conv2d } from './conv2d.ts';
import { conv2dTranspose } from './conv2dTranspose.ts';
import { dense } from './dense.ts';
import { depthwiseConv2d } from './depthwiseConv2d.ts';
import { flatten } from './flatten.ts';
import { globalAveragePooling2d } from './globalAveragePooling2d.ts';
import { globalMaxPooling2d } from './globalMaxPooling2d.ts';
import { maxPooling2d } from './maxPooling2d.ts';
import { multiply } from './multiply.ts';
import { reshape } from './reshape.ts';
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
  zeroPadding2d,
  upSampling2d,
  add,
  multiply,
  concatenate,
};

export type LayerKind = keyof typeof layers;

/** The options of each layer kind with their defaults filled in. */
export type LayerOptions = { readonly [K in LayerKind]: z.output<(typeof layers)[K]['options']> };
