import type { Scheduler } from './schedule.ts';

/** What code runs on. */
export interface Machine {
  /** The layout of one nest. */
  readonly schedule: Scheduler;
  /** What one element adds to an address: 1 in an array, 4 in a memory of bytes. */
  readonly unit: number;
  /** Whether several neighbours are computed at once. */
  readonly isVector: boolean;
}
