import type { NetworkSpec, Stage } from './network.ts';
import type { Samples } from './samples.ts';

export type Task = 'forward' | 'step';

/** What is timed: one task, called on so many samples at once. */
export interface Exercise {
  readonly task: Task;
  readonly batch: number;
}

/** One implementation of one network, running as a program of its own, ready to be checked and timed. */
export interface Runner {
  readonly version: string;
  /** Back to the initial parameters. */
  reset(): Promise<void>;
  /** Calls the task on batches of samples, from the first on and in a cycle; returns ns per sample. */
  run(exercise: Exercise, calls: number, rate: number): Promise<number>;
  /** The outputs for a batch of samples, computed in one call where the implementation can. */
  output(first: number, batch: number): Promise<number[]>;
  /** All parameters, in the order of the generated module. */
  parameters(): Promise<number[]>;
  /** Milliseconds from the first import to a model that can be called. */
  loaded(): Promise<number>;
  /** Bytes used since before the first import: of the heap, of array buffers, of the process. */
  memory(): Promise<readonly [heap: number, buffers: number, process: number]>;
  /** Bytes, heap and array buffers, of one more model in the same process; −1 where that cannot be told. */
  another(): Promise<number>;
  /** How V8 runs the functions of the implementation: `name tier` for each; ask last. */
  tiers(): Promise<readonly { readonly name: string; readonly tier: string }[]>;
  close(): void;
}

/** Everything that a contender may need to set up its program. */
export interface Setup {
  readonly spec: NetworkSpec;
  readonly stages: readonly Stage[];
  readonly samples: Samples;
  /** A folder of its own; the network and the samples are in it already. */
  readonly directory: string;
  /** Terms up to which longhand writes code out; its default where absent. */
  readonly maxTerms?: number;
}

/** How a contender's program is started. */
export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  /** For each parameter of the program, its place in the order of the spec; the same order where absent. */
  readonly parameterPlaces?: readonly number[];
}

/** Someone who takes part. */
export interface Contender {
  /** For `--runner`; a prefix up to a dash selects the family. */
  readonly id: string;
  /** For the table. */
  readonly name: string;
  /** Largest error that its number format explains, relative to the largest number of a tensor. */
  readonly tolerance: number;
  /** What a reader must know to compare this row fairly. */
  readonly note?: string;
  /** It runs in a Node process, which can tell of its start and its memory. */
  readonly inNode?: boolean;
  /** It computes networks of any layers, not only those of `isPlain`. */
  readonly takesAnyLayer?: boolean;
  /** It has no atan: tanh takes its place, in the reference as well. */
  readonly withoutAtan?: boolean;
  /** Why it does not do an exercise; undefined where it does. */
  cannot?(exercise: Exercise): string | undefined;
  /** Writes what its program needs into the folder. Throws `Absent` where it cannot take part. */
  prepare(setup: Setup): Program | Promise<Program>;
}

/** A contender that does not take part, with the reason. */
export class Absent extends Error {}
