import { z } from 'zod';
import { adadelta } from './adadelta.ts';
import { adagrad } from './adagrad.ts';
import { adam } from './adam.ts';
import { adamax } from './adamax.ts';
import { adamw } from './adamw.ts';
import { lion } from './lion.ts';
import { momentum } from './momentum.ts';
import { nadam } from './nadam.ts';
import { commonOptions, type OptimizerDefinition } from './optimizer.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

/** Every optimiser, one line each. */
export const optimizers = {
  sgd,
  momentum,
  rmsprop,
  adagrad,
  adadelta,
  adam,
  adamw,
  adamax,
  nadam,
  lion,
};

export type OptimizerName = keyof typeof optimizers;

/** What is known of an optimiser, without the types of its options. */
export function optimizerOf(name: OptimizerName): OptimizerDefinition {
  return optimizers[name];
}

/** The options of an optimiser, its own and those of all. */
export function optionsOf(name: OptimizerName): z.ZodRawShape {
  const { options, decouples } = optimizerOf(name);
  const { decoupledWeightDecay, ...others } = commonOptions;
  return { ...others, ...(decouples ? {} : { decoupledWeightDecay }), ...options.shape };
}

const common = z.strictObject(commonOptions);

/** zod gives an object without options an index signature that admits no key at all. */
type Only<Options> = string extends keyof Options ? unknown : Options;

/** An optimiser with its options, every default filled in. */
export type Optimizer = {
  readonly [K in OptimizerName]: { readonly type: K } & z.output<typeof common> &
    Only<z.output<(typeof optimizers)[K]['options']>>;
}[OptimizerName];

/** An optimiser as a user writes it, e.g. `{ type: 'adam' }`. */
export type OptimizerSpec = {
  [K in OptimizerName]: { type: K } & z.input<typeof common> & Only<z.input<(typeof optimizers)[K]['options']>>;
}[OptimizerName];

/** Plain gradient descent, where a spec names no optimiser. */
export const defaultOptimizer: Optimizer = { type: 'sgd' };
