import type { Index } from '../../../equations/affine.ts';
import type { Equation } from '../../../equations/equation.ts';
import type { Read } from '../../../equations/expression.ts';
import { indicesIn } from '../../loops/contraction.ts';
import { smallWindows } from '../../loops/factors.ts';
import { loopPolicy } from '../../loops/loopPolicy.ts';
import type { Member } from '../../loops/member.ts';
import { plainSchedule } from '../../loops/schedule.ts';
import type { ScalarRule } from './nest.ts';

/** A loop for each index, in the equation's order. */
export const plain: ScalarRule = {
  name: 'plain',
  does: 'a loop for each index; small windows and short rows of outer products are written out',
  plan(members) {
    const [{ equation }] = members.filter(({ isLeading }) => !isLeading) as [Member];
    const unroll = new Set([...smallWindows(equation.value), ...rowOf(equation)]);
    return [{ members, schedule: { ...plainSchedule, unroll } }];
  },
};

/** The row of an outer product y[n]·z[o], if it is short: one factor serves all of it. */
function rowOf({ over, value }: Equation): readonly Index[] {
  const last = over.at(-1);
  if (last === undefined || last.size > loopPolicy.rowWrittenOut || value.kind !== 'times') return [];
  const factors = value.factors.filter((factor): factor is Read => factor.kind === 'read');
  const isOuter = factors.length === value.factors.length && factors.some((factor) => !indicesIn(factor).has(last));
  return isOuter ? [last] : [];
}
