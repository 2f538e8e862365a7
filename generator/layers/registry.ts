import type { z } from 'zod';
import { activation } from './activation.ts';
import { averagePooling2d } from './averagePooling2d.ts';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { flatten } from './flatten.ts';
import { maxPooling2d } from './maxPooling2d.ts';

/** Every layer kind, one line each. */
export const layers = {
  conv2d,
  maxPooling2d,
  averagePooling2d,
  flatten,
  dense,
  activation,
};

export type LayerKind = keyof typeof layers;

/** The options of each layer kind with their defaults filled in. */
export type LayerOptions = { readonly [K in LayerKind]: z.output<(typeof layers)[K]['options']> };
