import type { Index } from '../../../equations/affine.ts';
import type { Equation } from '../../../equations/equation.ts';
import { sumIn } from '../../loops/contraction.ts';
import type { Member } from '../../loops/member.ts';
import { plainSchedule, type Schedule } from '../../loops/schedule.ts';
import { vectorPolicy } from '../../loops/vectorPolicy.ts';
import { type VectorRule, vectorsOf } from './nest.ts';

/** Sums whose neighbours do not lie together. */
export const across: VectorRule = {
  name: 'across',
  does: 'four terms of each sum at once, and some sums beside one another',
  plan: ({ members, across: vector }) =>
    vector === undefined
      ? 'neighbours fill vectors, or nothing does'
      : scheduleAcross((members[0] as Member).equation, vector),
};

function scheduleAcross({ over, value }: Equation, vector: Index): Schedule {
  const summed = sumIn(value)?.over ?? [];
  const place = over.at(-1);
  const tile = new Map([[vector, vectorsOf(vector)]]);
  if (place !== undefined) tile.set(place, Math.min(place.size, vectorPolicy.sumsAcross));
  return { ...plainSchedule, order: [...over, ...summed.filter((one) => one !== vector), vector], tile };
}
