import { type Index, winnersIn } from '../../../equations/affine.ts';
import type { Read } from '../../../equations/expression.ts';
import { isAlongWinners } from '../../../equations/winners.ts';
import { indicesIn } from '../../loops/contraction.ts';
import { channelFirst, commonFactor } from '../../loops/factors.ts';
import type { Member } from '../../loops/member.ts';
import { plainSchedule, type Schedule } from '../../loops/schedule.ts';
import { lanes, vectorPolicy } from '../../loops/vectorPolicy.ts';
import type { VectorRule } from './nest.ts';

/** Sums along the winners of a pool, whose common factor is often 0. */
export const alongWinners: VectorRule = {
  name: 'alongWinners',
  does: 'where the common factor is 0 the loops inside are left out, and sums stay in registers where they can',
  plan({ members, along }) {
    if (!members.every((one) => isAlongWinners(one.equation))) return 'not along winners';
    const skip = commonFactor(members.map(({ equation }) => equation));
    return skip === undefined
      ? 'no common factor that would save work where it is 0'
      : scheduleSkipping(members, skip, along);
  },
};

function scheduleSkipping(members: readonly Member[], skip: Read, vector: Index | undefined): Schedule {
  const [{ equation }] = members as [Member];
  const inner = equation.over.filter((one) => !indicesIn(skip).has(one) && one !== vector);
  const unroll = new Set<Index>();
  const run = vector === undefined ? 1 : Math.ceil(vector.size / lanes);
  let written = members.length * run;
  for (const one of [...inner].reverse()) {
    written *= one.size;
    if (written <= vectorPolicy.productsWrittenOut) unroll.add(one);
  }
  const tile = new Map(vector === undefined ? [] : [[vector, vectorPolicy.vectorsOfRun]]);
  const held = heldIn(members, skip, written);
  if (held.size > 0) {
    // A sum in a local has no address that a loop could move: every vector is written out.
    const whole = new Map(vector === undefined ? [] : [[vector, Math.max(1, Math.floor(vector.size / lanes))]]);
    return { ...plainSchedule, skip, held, order: [...held], tile: whole, unroll };
  }
  const hasLoops = inner.length > unroll.size || run >= 2 * vectorPolicy.vectorsOfRun;
  return { ...plainSchedule, skip, order: hasLoops ? channelFirst(equation, skip) : [], tile, unroll };
}

/** The indices that decide where the sums of a single scatter stand, if there are registers for all of its sums. */
function heldIn(members: readonly Member[], skip: Read, sums: number): ReadonlySet<Index> {
  const [{ equation, mode }] = members as [Member];
  const walked = [...indicesIn(skip)].filter((one) => !equation.at.some(({ terms }) => terms.has(one)));
  const isFixed = equation.at.every((coordinate) => winnersIn(coordinate).length === 0);
  const pays = members.length === 1 && mode === 'accumulate' && sums <= vectorPolicy.sumsHeld && walked.length > 0;
  return new Set(pays && isFixed ? [...indicesIn(skip)].filter((one) => !walked.includes(one)) : []);
}
