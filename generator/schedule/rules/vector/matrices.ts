import { indicesOfEntries } from '../../loops/factors.ts';
import { plainSchedule } from '../../loops/schedule.ts';
import type { VectorRule } from './nest.ts';

/** Sums with the elements of a matrix of constants. */
export const matrices: VectorRule = {
  name: 'matrices',
  does: 'what decides an element of a matrix of constants is written out, so that no 0 is multiplied and no 1',
  plan({ members, along }) {
    const unroll = new Set(members.flatMap(({ equation }) => indicesOfEntries(equation.value)));
    if (unroll.size === 0) return 'no matrix of constants';
    const over = [...new Set(members.flatMap(({ equation }) => equation.over))];
    const looped = over.filter((one) => one !== along && !unroll.has(one));
    return { ...plainSchedule, order: [...looped, ...(along === undefined ? [] : [along])], unroll };
  },
};
