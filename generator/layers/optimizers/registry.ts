import type { z } from 'zod';
import { adagrad } from './adagrad.ts';
import { adam } from './adam.ts';
import { adamw } from './adamw.ts';
import { momentum } from './momentum.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

/** Every optimiser, one line each. */
export const optimizers = {
  sgd,
  momentum,
  rmsprop,
  adagrad,
  adam,
  adamw,
};

export type OptimizerName = keyof typeof optimizers;

/** zod gives an object without options an index signature that admits no key at all. */
type Only<Options> = string extends keyof Options ? unknown : Options;

/** An optimiser with its options, every default filled in. */
export type Optimizer = {
  readonly [K in OptimizerName]: { readonly type: K } & Only<z.output<(typeof optimizers)[K]['options']>>;
}[OptimizerName];

/** An optimiser as a user writes it, e.g. `{ type: 'adam' }`. */
export type OptimizerSpec = {
  [K in OptimizerName]: { type: K } & Only<z.input<(typeof optimizers)[K]['options']>>;
}[OptimizerName];

/** Plain gradient descent, where a spec names no optimiser. */
export const defaultOptimizer: Optimizer = { type: 'sgd' };
