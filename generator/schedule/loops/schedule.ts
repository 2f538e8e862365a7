import type { Index } from '../../equations/affine.ts';
import type { Read } from '../../equations/expression.ts';
import type { Layouts } from './layout.ts';
import type { RunLimits } from './levels.ts';
import type { Member } from './member.ts';
import type { Constraint } from './places.ts';

/** How a nest of loops is laid out: data, read by the lowering. */
export interface Schedule {
  /** Indices from the outermost loop to the innermost; what is not named comes after, as the equation has it. */
  readonly order: readonly Index[];
  /** How many values of an index one turn of its loop takes at once, each with an accumulator of its own. */
  readonly tile: ReadonlyMap<Index, number>;
  /** Indices without a loop: their values are written out. */
  readonly unroll: ReadonlySet<Index>;
  /** The index whose neighbours fill a vector, and how many fit. */
  readonly vector: Index | undefined;
  readonly lanes: number;
  /**
   * Whether the last vector may go over elements that the one before it has computed already: to the same numbers, or
   * without adding to them again.
   */
  readonly overlaps: boolean;
  /** Whether what is left of the last vector is computed in the same turn, two numbers of it as half a vector. */
  readonly joinsRest: boolean;
  /** A factor of every term: where it is 0, the loops inside are left out. */
  readonly skip: Read | undefined;
  /**
   * Where sums stay in locals while the other indices of that factor, which decide none of their places, are gone through:
   * the indices outside of which that happens anew.
   */
  readonly held: ReadonlySet<Index> | undefined;
  /** How long a sum may run on in one number; absent: as long as it is. */
  readonly runs: RunLimits | undefined;
  /** Loops of a sum that leave out the turns in which a coordinate is outside, where a border holds zeros. */
  readonly narrowed: ReadonlyMap<Index, Constraint>;
}

/** Equations that share their loops, and how these are laid out. */
export interface ScheduledNest {
  readonly members: readonly Member[];
  readonly schedule: Schedule;
}

/**
 * Lays out equations that are computed together: one nest, or several one after the other.
 *
 * @param note told why each rule that was asked before does not apply
 */
export type Scheduler = (
  members: readonly Member[],
  layouts: Layouts,
  note?: (refusal: string) => void,
) => readonly ScheduledNest[];

/** A loop for each index, in the equation's order. */
export const plainSchedule: Schedule = {
  order: [],
  tile: new Map(),
  unroll: new Set(),
  vector: undefined,
  lanes: 1,
  overlaps: false,
  joinsRest: false,
  skip: undefined,
  held: undefined,
  runs: undefined,
  narrowed: new Map(),
};
