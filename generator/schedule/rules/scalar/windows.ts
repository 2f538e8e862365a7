import { type Affine, plainIndex } from '../../../equations/affine.ts';
import { sumIn } from '../../loops/contraction.ts';
import { productOf, smallWindows } from '../../loops/factors.ts';
import type { WindowRule } from '../../loops/fusion/windowRule.ts';
import { loopPolicy } from '../../loops/loopPolicy.ts';
import type { Member } from '../../loops/member.ts';
import { plainSchedule, type Schedule } from '../../loops/schedule.ts';
import type { ScalarRule } from './nest.ts';

/** Sums with the maximum over their windows. */
export const windows: ScalarRule = {
  name: 'windows',
  does: 'loops over filters and rows around the sums of a row of windows and their comparison',
  plan(members) {
    if ((members[0]?.within ?? []).length === 0) return 'no windows of sums';
    return [{ members, schedule: scheduleWindows(members) }];
  },
};

/**
 * Whether the sums of a row of windows can be written out where the windows are compared: N2's first convolution with
 * its pool and relu takes 0.7 instead of 1.3 µs.
 */
export const fusesWindows: WindowRule = ({ at, value }, window) => {
  const taps = productOf(sumIn(value)?.over ?? []);
  const columns = at.length === 3 ? (plainIndex(at[1] as Affine)?.size ?? 1) : 1;
  const products = taps * columns * productOf(window.slice(0, -1));
  return taps <= loopPolicy.tapsWrittenOut && products <= loopPolicy.spaceWrittenOut;
};

function scheduleWindows(members: readonly Member[]): Schedule {
  const [{ equation, within = [] }] = members as [Member];
  const over = equation.over.filter((one) => !within.includes(one));
  const [column, channel] = [over.at(-2), over.at(-1)];
  const windows = members.flatMap((one) => smallWindows(one.equation.value));
  const unroll = new Set([...(sumIn(equation.value)?.over ?? []), ...windows, ...(column ? [column] : [])]);
  return { ...plainSchedule, order: channel === undefined ? over : [channel, ...over.slice(0, -1)], unroll };
}
