import type { Code } from './kernel.ts';
import type { Scheduler } from './schedule.ts';

/** What a step of the optimiser runs on. */
export interface Machine {
  /** The layout of one nest. */
  readonly schedule: Scheduler;
  /** What one element adds to an address: 1 in an array, 4 in a memory of bytes. */
  readonly unit: number;
  /** Whether several neighbours are computed at once. */
  readonly isVector: boolean;
  /** The passes that rewrite code. */
  readonly rewrite: (code: readonly Code[]) => readonly Code[];
}
