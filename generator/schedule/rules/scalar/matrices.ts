import { indicesOfEntries } from '../../loops/factors.ts';
import { plainSchedule } from '../../loops/schedule.ts';
import type { ScalarRule } from './nest.ts';

/** Sums with the elements of a matrix of constants. */
export const matrices: ScalarRule = {
  name: 'matrices',
  does: 'what decides an element of a matrix of constants is written out, so that no 0 is multiplied and no 1',
  plan(members) {
    const unroll = new Set(members.flatMap(({ equation }) => indicesOfEntries(equation.value)));
    return unroll.size === 0 ? 'no matrix of constants' : [{ members, schedule: { ...plainSchedule, unroll } }];
  },
};
