import type { UntakenArm } from './branches.ts';
import type { Variant } from './wasm/host.ts';

/** What is proved, in the order of the report. */
export const claims = ['gradient', 'reference', 'addition', 'step', 'batch', 'memory', 'kinks', 'floats'] as const;

export type Claim = (typeof claims)[number];

/** Where a claim does not hold. */
export interface Failure {
  readonly claim: Claim;
  /** One sentence with the place, what was found and what would be right. */
  readonly message: string;
  /** The line of the module's text, where one is to blame. */
  readonly line?: number;
  /** Likewise the function and the byte of its WebAssembly. */
  readonly place?: string;
  /** Which of two codes it was found in. */
  readonly variant?: Variant;
}

/** What was shown of a module, and how far. */
export interface Proof {
  readonly network: string;
  /** Whether every claim holds; arms that were never taken are listed, not counted against it. */
  readonly proved: boolean;
  readonly failures: readonly Failure[];
  readonly hasLoss: boolean;
  /** Whether layers are normalised by the statistics of a batch. */
  readonly hasStatistics: boolean;
  /** The codes of a WebAssembly module that were proved, each for itself; empty for TypeScript. */
  readonly variants: readonly Variant[];
  /** Whether the relaxed code was seen to be the plain one but for its multiply-adds, and so was proved with it. */
  readonly hasTwin?: true;
  /** Numbers that `backward` writes: gradients, and the input gradient where there is one. */
  readonly slots: number;
  /** The formula of `step`. */
  readonly stepFormula: string;
  readonly rounds: {
    /** At random numbers: each shows the gradient to be the derivative in one region. */
    readonly random: number;
    /** At small integers full of ties and zeros, or with ties by the network's structure. */
    readonly kinks: number;
    /** Not counted, as rounding hid or feigned a tie. */
    readonly undecided: number;
  };
  readonly arms: {
    readonly total: number;
    /** Taken on kinks only, of the total. */
    readonly onKinksOnly: number;
    readonly untaken: readonly UntakenArm[];
  };
  /** The module's own functions that were taken for what the ring knows, and their largest error found. */
  readonly helpers: readonly { readonly name: string; readonly error: number }[];
  /** Functions of its WebAssembly that are longhand's own, instruction for instruction. */
  readonly recognized: readonly string[];
}
