import type { Index } from '../../../equations/affine.ts';
import { isAlongWinners } from '../../../equations/winners.ts';
import { indicesIn } from '../../loops/contraction.ts';
import { channelFirst, commonFactor } from '../../loops/factors.ts';
import { loopPolicy } from '../../loops/loopPolicy.ts';
import type { Member } from '../../loops/member.ts';
import { plainSchedule } from '../../loops/schedule.ts';
import type { ScalarRule } from './nest.ts';

/** Sums along the winners of a pool, whose common factor is often 0. */
export const alongWinners: ScalarRule = {
  name: 'alongWinners',
  does: 'where the common factor is 0 the loops inside are left out',
  plan(all) {
    const members = all.filter(({ isLeading }) => !isLeading);
    const [{ equation }] = members as [Member];
    if (!members.every((one) => isAlongWinners(one.equation))) return 'not along winners';
    const skip = commonFactor(members.map((one) => one.equation));
    if (skip === undefined) return 'no common factor that would save work where it is 0';
    const inner = equation.over.filter((one) => !indicesIn(skip).has(one));
    const unroll = new Set<Index>();
    let written = 1;
    for (const one of [...inner].reverse()) {
      written *= one.size;
      if (written > loopPolicy.productsWrittenOut) break;
      unroll.add(one);
    }
    const run = inner.at(-1);
    const tile = new Map(run !== undefined && !unroll.has(run) ? [[run, loopPolicy.runAtOnce]] : []);
    const schedule = {
      ...plainSchedule,
      skip,
      order: inner.length > unroll.size ? channelFirst(equation, skip) : [],
      tile,
      unroll,
    };
    return [{ members: all, schedule }];
  },
};
