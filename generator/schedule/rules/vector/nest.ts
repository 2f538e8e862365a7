import type { Index } from '../../../equations/affine.ts';
import type { Member } from '../../loops/member.ts';
import type { Schedule } from '../../loops/schedule.ts';
import { lanes, vectorPolicy } from '../../loops/vectorPolicy.ts';
import type { Rule } from '../rule.ts';

/** Equations of which four numbers are computed at once. */
export interface VectorNest {
  /** As they were before the loops of their sums were joined. */
  readonly given: readonly Member[];
  readonly members: readonly Member[];
  /** The index whose neighbours fill vectors. */
  readonly along: Index | undefined;
  /** Where there is none: an index of the sum whose neighbours do. */
  readonly across: Index | undefined;
}

/** A rule for vectors: how the loops run around them. */
export type VectorRule = Rule<VectorNest, Schedule>;

/** Vectors of an index side by side, in turns of about as many each; below a whole one, half a vector and a number. */
export function vectorsOf({ size }: Index): number {
  if (size < lanes) return size - lanes / 2 + 1;
  return evenly(Math.ceil(size / lanes), vectorPolicy.vectorsAtOnce);
}

/** How many at once, at most so many, that the last turn has about as many as the others. */
export function evenly(size: number, most: number): number {
  return Math.ceil(size / Math.ceil(size / Math.max(1, most)));
}
