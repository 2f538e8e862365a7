import type { Pass } from '../equations/equation.ts';
import type { Element, Statement } from './scalar.ts';
import type { Block } from './unroll.ts';

/** A pass that functions are called in. */
export type CalledPass = Exclude<Pass, 'step'>;

/** In the order of a training step. */
export const calledPasses = ['forward', 'loss', 'backward'] as const satisfies readonly CalledPass[];

/** One emitted function: what it loads, computes and stores, in order. No text yet. */
export interface FunctionPlan {
  readonly pass: CalledPass;
  /** Names of the layers whose equations it computes. */
  readonly layers: readonly string[];
  /** Elements read from their arrays into locals at entry; what is read but neither here nor assigned is read in place. */
  readonly loads: readonly Element[];
  readonly steps: readonly Step[];
  /** Estimated bytes of V8 bytecode. */
  readonly bytecode: number;
}

export type Step =
  /** The equations of these blocks follow; `continued` where an earlier function has printed them. */
  | { readonly kind: 'explain'; readonly blocks: readonly Block[]; readonly continued: boolean }
  /** A named local. */
  | { readonly kind: 'assign'; readonly statement: Statement }
  /** Straight into the array, where nothing else in the function reads it. */
  | { readonly kind: 'assignStored'; readonly statement: Statement }
  /** The largest of a window and, where somebody asks, its place; found without branches. */
  | { readonly kind: 'tournament'; readonly maximum: Statement; readonly winner: Statement | undefined }
  /** Locals into their arrays. */
  | { readonly kind: 'store'; readonly elements: readonly Element[] };
