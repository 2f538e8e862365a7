import { indicesIn } from '../../loops/contraction.ts';
import { factorsOf, smallWindows } from '../../loops/factors.ts';
import type { Member } from '../../loops/member.ts';
import { plainSchedule } from '../../loops/schedule.ts';
import { vectorPolicy } from '../../loops/vectorPolicy.ts';
import { type VectorRule, vectorsOf } from './nest.ts';

/** Whatever no other rule lays out. */
export const each: VectorRule = {
  name: 'each',
  does: 'a loop for each index, some vectors at once',
  plan({ members, along: vector }) {
    const [{ equation }] = members as [Member];
    const { over } = equation;
    if (vector === undefined)
      return { ...plainSchedule, tile: new Map(over.slice(-1).map((one) => [one, vectorPolicy.numbersAtOnce])) };
    const others = over.filter((one) => one !== vector);
    // The factor of an outer product that every row shares stays in locals.
    const isShared = factorsOf(equation).some(
      (factor) => indicesIn(factor).has(vector) && indicesIn(factor).size === 1,
    );
    const order = isShared ? [vector, ...others] : [...others, vector];
    const hasWindow = members.some(({ equation }) => smallWindows(equation.value).length > 0);
    return { ...plainSchedule, order, tile: new Map(hasWindow ? [] : [[vector, vectorsOf(vector)]]) };
  },
};
