import type { LossName, LossOptions } from '../layers/losses/registry.ts';
import type { Optimizer } from '../layers/optimizers/registry.ts';
import type { LayerKind, LayerOptions } from '../layers/registry.ts';
import type { Padding, Shape, Size } from '../shape.ts';

export type { Padding, Shape, Size };

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

/** An input of a network whose spec names them: `shape` numbers of the flat input, from `offset` on. */
export interface NamedInput {
  readonly name: string;
  readonly shape: Shape;
  readonly offset: number;
}

/** An output of a network whose spec names them: what a layer computes, and its part in the loss. */
export interface NamedOutput {
  /** The layer, whose name is the output's. */
  readonly name: string;
  readonly loss: LossName | undefined;
  readonly lossOptions: LossOptions[LossName] | NoOptions;
  /** The factor of its loss in the sum. */
  readonly weight: number;
}

/** A parsed spec: defaults filled, names unique, every input an earlier layer. */
export interface Network {
  readonly name: string;
  readonly input: Shape;
  readonly layers: readonly Layer[];
  readonly loss: LossName | undefined;
  /** The options of the loss, every default filled in; empty without one. */
  readonly lossOptions: LossOptions[LossName] | NoOptions;
  readonly optimizer: Optimizer;
  /** Where the spec names its inputs: they stand one after the other in `input`. */
  readonly inputs?: readonly NamedInput[];
  /** Where the spec names its outputs: the last layer lays them one after the other. */
  readonly outputs?: readonly NamedOutput[];
}

export type NoOptions = Readonly<Record<string, never>>;

export type { LossName };

/** A network in which every layer has an output shape. */
export interface ShapedNetwork extends Network {
  /** Output shape of each layer, by position. */
  readonly shapes: readonly Shape[];
}
