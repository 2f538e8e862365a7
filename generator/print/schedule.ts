import type { Index } from '../equations/affine.ts';
import type { Schedule, ScheduledNest } from '../schedule/loops/schedule.ts';

/** How the loops of a nest run, a line for each nest that it becomes: `order o, i, p; tile o by 4; vector o`. */
export function printSchedules(schedules: readonly ScheduledNest[]): readonly string[] {
  return schedules.map(({ schedule }) => printSchedule(schedule));
}

function printSchedule(schedule: Schedule): string {
  const { order, tile, unroll, vector, lanes, skip, held, narrowed, overlaps, joinsRest } = schedule;
  const names = (indices: Iterable<Index>): string =>
    [...indices].map(({ name, size }) => `${name} < ${size}`).join(', ');
  const rest = overlaps ? ', the last over the one before' : joinsRest ? ', the rest beside' : '';
  const parts = [
    order.length > 0 && `order ${names(order)}`,
    tile.size > 0 && `tile ${[...tile].map(([{ name }, by]) => `${name} by ${by}`).join(', ')}`,
    unroll.size > 0 && `written out ${names(unroll)}`,
    vector && lanes > 1 && `${lanes} lanes along ${vector.name}${rest}`,
    skip && `nothing where ${skip.tensor.name} is 0`,
    held !== undefined && (held.size > 0 ? `sums held for ${names(held)}` : 'sums held'),
    narrowed.size > 0 && `turns outside left out of ${names(narrowed.keys())}`,
  ].filter((part) => typeof part === 'string');
  return parts.length === 0 ? 'as it stands' : parts.join('; ');
}
