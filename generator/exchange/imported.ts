import type { Named } from './weights/safetensors.ts';

/** What a reader makes of a model: a spec, and its weights by the names of the spec's parameters. */
export interface Imported {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly weights: readonly Named[];
}

/** An input or output of the model, and how its numbers stand to those of the spec. */
export interface End {
  /** Its name in the model. */
  readonly name: string;
  /** Its name in the spec, where that has several. */
  readonly layer: string;
  /** Its shape in the model. */
  readonly dims: readonly number[];
  /** order[k] is the place in a sample of the model of the k-th number in the spec. */
  readonly order: Int32Array;
}

/** With what goes in and comes out, so that both can be run side by side. */
export interface ImportedGraph extends Imported {
  readonly inputs: readonly End[];
  readonly outputs: readonly End[];
}

export interface ImportOptions {
  readonly name: string;
  readonly loss?: string;
  /** Make batch normalisation part of the layer before it. */
  readonly fold?: boolean;
}
