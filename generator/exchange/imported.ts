import type { Named } from './weights/safetensors.ts';

/** What a reader makes of a model: a spec, and its weights by the names of the spec's parameters. */
export interface Imported {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly weights: readonly Named[];
}

/** How the numbers of a tensor of the model stand to those of the spec. */
export interface View {
  /** Its shape in the model, one sample in front. */
  readonly dims: readonly number[];
  /** order[k] is the place in the model of the k-th number in the spec. */
  readonly order: Int32Array;
}

/** With the views of what goes in and comes out, so that both can be run side by side. */
export interface ImportedGraph extends Imported {
  readonly input: View;
  readonly output: View;
}

export interface ImportOptions {
  readonly name: string;
  readonly loss?: string;
  /** Make batch normalisation part of the layer before it. */
  readonly fold?: boolean;
}
