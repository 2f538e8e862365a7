import type { z } from 'zod';
import type { LossName, losses } from '../layers/losses/registry.ts';
import type { OptimizerName, OptimizerSpec } from '../layers/optimizers/registry.ts';
import type { LayerKind, layers } from '../layers/registry.ts';

/** zod gives a layer without options an index signature that admits no key at all. */
type OptionsOf<K extends LayerKind> = string extends keyof z.input<(typeof layers)[K]['options']>
  ? unknown
  : z.input<(typeof layers)[K]['options']>;

export type { OptimizerSpec };

type CommonSpec<K extends LayerKind> = {
  type: K;
  /** Default: the type and its number among the layers of that type, e.g. `conv2d1`. */
  name?: string;
  /** Names of earlier layers or `'input'`; default: the layer before. */
  inputs?: readonly string[];
};

/** What a layer with parameters may say. */
type Trainable<K extends LayerKind> = (typeof layers)[K] extends { readonly hasParameters: true }
  ? {
      /** false holds its parameters fixed: they have no gradient, and no step changes them. */
      trainable?: boolean;
    }
  : unknown;

/** A layer that uses the weights of an earlier one of its type, and has its options where it does not state others. */
type SharingSpec<K extends LayerKind> = CommonSpec<K> & { weightsOf: string };

/** One layer as a user writes it: options with a default may be left out. */
export type LayerSpec = {
  [K in LayerKind]: (CommonSpec<K> & Trainable<K> & OptionsOf<K>) | (SharingSpec<K> & Partial<OptionsOf<K>>);
}[LayerKind];

/** A loss with options as a user writes it, e.g. `{ type: 'huber', delta: 2 }`. */
export type LossSpec = {
  [K in LossName]: { type: K } & z.input<(typeof losses)[K]['options']>;
}[LossName];

type ShapeSpec =
  | readonly [height: number, width: number, channels: number]
  | readonly [places: number, channels: number]
  | readonly [length: number];

/** An output as a user writes it: without a loss it takes no part in training where others have one. */
export interface OutputSpec {
  loss?: LossName | LossSpec;
  /** The factor of its loss in the sum, 1 where absent. */
  weight?: number;
}

/** A network as a user writes it, in a `*.net.json` file or in a `*.net.ts` file. */
export interface NetworkSpec {
  $schema?: string;
  /** Names the generated file. */
  name: string;
  /** `[height, width, channels]`, `[n, channels]` or `[n]`; several inputs by their names. */
  input: ShapeSpec | Readonly<Record<string, ShapeSpec>>;
  layers: readonly LayerSpec[];
  loss?: LossName | LossSpec;
  /** Several outputs, by the names of their layers, instead of the last layer's alone. */
  outputs?: Readonly<Record<string, OutputSpec>>;
  /** What `step` does; plain gradient descent where absent. */
  optimizer?: OptimizerName | OptimizerSpec;
}

/** Gives a spec its type, so that an editor completes and checks it: `export default defineNetwork({ … })`. */
export function defineNetwork(spec: NetworkSpec): NetworkSpec {
  return spec;
}
