import type { LossName, LossOptions } from '../layers/losses/registry.ts';
import type { Optimizer } from '../layers/optimizers/registry.ts';
import type { LayerKind, LayerOptions } from '../layers/registry.ts';

/** Height, width and channels of an image, or the length of a vector. */
export type Shape = readonly number[];

/** A pair `[height, width]`. */
export type Size = readonly [number, number];

/** Zeros around an image: a named rule, or `[[top, bottom], [left, right]]`. */
export type Padding = 'valid' | 'same' | readonly [Size, Size];

/** One layer with every default filled in. */
export type Layer = {
  readonly [K in LayerKind]: {
    readonly type: K;
    readonly name: string;
    /** Names of the layers read, in order; `'input'` is the network's input. */
    readonly inputs: readonly string[];
    /** The earlier layer whose parameters it uses; it has none of its own then. */
    readonly weightsOf?: string;
    /** Absent where the layer learns. */
    readonly trainable?: false;
    readonly options: LayerOptions[K];
  };
}[LayerKind];

/** A parsed spec: defaults filled, names unique, every input an earlier layer. */
export interface Network {
  readonly name: string;
  readonly input: Shape;
  readonly layers: readonly Layer[];
  readonly loss: LossName | undefined;
  /** The options of the loss, every default filled in; empty without one. */
  readonly lossOptions: LossOptions[LossName] | NoOptions;
  readonly optimizer: Optimizer;
}

export type NoOptions = Readonly<Record<string, never>>;

export type { LossName };

/** A network in which every layer has an output shape. */
export interface ShapedNetwork extends Network {
  /** Output shape of each layer, by position. */
  readonly shapes: readonly Shape[];
}
