import type { Named } from './weights/safetensors.ts';

/** What a reader makes of a model: a spec, and its weights by the names of the spec's parameters. */
export interface Imported {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly weights: readonly Named[];
}

export interface ImportOptions {
  readonly name: string;
  readonly loss?: string;
  /** Make batch normalisation part of the layer before it. */
  readonly fold?: boolean;
}
