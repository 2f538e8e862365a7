import type { Index } from '../../equations/affine.ts';
import { lastOf } from '../../lists.ts';
import type { LevelsOfLoop } from '../loops/levels.ts';
import type { Schedule } from '../loops/schedule.ts';

/** A piece of an index's range that is walked in one way. */
export interface Segment {
  readonly start: number;
  readonly end: number;
  /** Where the copies of the body that one turn makes stand, counted from the loop's variable. */
  readonly offsets: readonly number[];
  readonly lanes: number;
  /** How many elements of the last copy the one before it has computed already. */
  readonly kept: number;
  /** Whether one turn walks all of it. */
  readonly isSingle: boolean;
}

/** The pieces of an index's range, each of which is walked in one way. */
export function segmentsOf(one: Index, schedule: Schedule, isWhole: boolean): readonly Segment[] {
  const lanes = isWhole && schedule.vector === one ? schedule.lanes : 1;
  const factor = isWhole ? (schedule.tile.get(one) ?? 1) : 1;
  const segments: Segment[] = [];
  const add = (start: number, end: number, offsets: readonly number[], width: number, kept = 0): void => {
    if (end <= start) return;
    const isSingle = isWhole && lastOf(offsets) + width >= end - start;
    segments.push({ start, end, offsets, lanes: width, kept, isSingle });
  };
  const steps = (count: number, width: number): number[] => Array.from({ length: count }, (_, n) => n * width);
  const block = factor * lanes;
  const main = one.size - (one.size % block);
  const rest = Math.floor((one.size - main) / lanes);
  const scalars = main + rest * lanes;
  const last = one.size - lanes;
  const overlaps = lanes > 1 && last >= 0 && scalars < one.size && schedule.overlaps;
  if (overlaps && last < block) {
    const vectors = Math.floor(one.size / lanes);
    add(0, one.size, [...steps(vectors, lanes), last], lanes, vectors * lanes - last);
    return segments;
  }
  add(0, main, steps(factor, lanes), lanes);
  add(main, scalars, steps(rest, lanes), lanes);
  if (overlaps) add(last, one.size, [0], lanes, scalars - last);
  else if (lanes > 1) {
    const half = schedule.joinsRest && one.size - scalars >= lanes / 2 ? lanes / 2 : 0;
    add(scalars, scalars + half, [0], half);
    add(scalars + half, one.size, steps(one.size - scalars - half, 1), 1);
  }
  return segments;
}

/** What does not fill the innermost blocks of a sum is a piece by itself, so that every block has as many turns. */
export function inBlocks(segments: readonly Segment[], own: LevelsOfLoop | undefined): readonly Segment[] {
  const length = own?.blocks[0]?.turns;
  if (length === undefined) return segments;
  return segments.flatMap((segment) => {
    const { start, end, offsets, lanes, isSingle } = segment;
    const block = length * offsets.length * lanes;
    const rest = (end - start) % block;
    if (isSingle || rest === 0 || end - start < block) return [segment];
    return [
      { ...segment, end: end - rest },
      { ...segment, start: end - rest, isSingle: rest === offsets.length * lanes },
    ];
  });
}
