import { coalesceSums } from '../../loops/coalesce.ts';
import { contractionOf } from '../../loops/contraction.ts';
import { smallWindows } from '../../loops/factors.ts';
import { reads } from '../../loops/fusion/renaming.ts';
import type { Layouts } from '../../loops/layout.ts';
import type { Member } from '../../loops/member.ts';
import { inMemoryOrder } from '../../loops/memoryOrder.ts';
import type { Schedule, Scheduler } from '../../loops/schedule.ts';
import { lanes, vectorPolicy } from '../../loops/vectorPolicy.ts';
import { firstOf } from '../rule.ts';
import { across } from './across.ts';
import { alongWinners, isLongAlongWinners } from './alongWinners.ts';
import { contraction } from './contraction.ts';
import { each } from './each.ts';
import { summedVector, vectorIndex } from './lanesAlong.ts';
import { lanesApart } from './lanesApart.ts';
import { matrices } from './matrices.ts';
import type { VectorNest, VectorRule } from './nest.ts';

/** In the order in which they are asked. */
const rules: readonly VectorRule[] = [across, lanesApart, contraction, alongWinners, matrices, each];

/** The layout of vector code: the same loops, with neighbours in memory side by side in vectors. */
export const scheduleVector: Scheduler = (written, layouts, note = () => {}) => {
  // Sums that need locals for their runs stand alone.
  const long = written.length > 1 ? written.filter(isLongAlongWinners) : [];
  if (long.length > 0) {
    const others = written.filter((one) => !long.includes(one));
    const nests = [...(others.length > 0 ? [others] : []), ...long.map((one) => [one])];
    return nests.flatMap((members) => scheduleVector(members, layouts, note));
  }
  const given = written.map((one) => ({ ...one, equation: inMemoryOrder(one.equation, layouts) }));
  const nest = vectorsIn(given, layouts);
  const { members } = nest;
  return [{ members, schedule: withLanes(firstOf(rules, nest, note), nest) }];
};

/** The index that fills vectors: whole ones if there is one, else along a sum, else half ones. */
function vectorsIn(given: readonly Member[], layouts: Layouts): VectorNest {
  const members = given.map((one) => ({ ...one, equation: coalesceSums(one.equation, layouts) }));
  const [first] = members as [Member];
  const equations = members.map(({ equation }) => equation);
  const whole = vectorIndex(equations, layouts, lanes);
  const summed = whole === undefined && members.length === 1 ? summedVector(first.equation, layouts) : undefined;
  const along = whole ?? (summed ? undefined : vectorIndex(equations, layouts, lanes / 2));
  return { given, members, along, across: summed };
}

/** How the ends of vectors are computed, and how long sums run on. */
function withLanes(base: Schedule, { members, along, across: summed }: VectorNest): Schedule {
  const vector = along ?? summed;
  const isContraction = contractionOf((members[0] as Member).equation) !== undefined;
  return {
    ...base,
    unroll: new Set([...base.unroll, ...members.flatMap(({ equation }) => smallWindows(equation.value))]),
    vector,
    lanes: vector === undefined ? 1 : lanes,
    runs: vectorPolicy.runs,
    // The sums of a contraction would not have registers enough.
    joinsRest: along !== undefined && (!isContraction || along.size < lanes),
    overlaps: along !== undefined && members.every((one) => (one.mode === 'assign' || isSum(one)) && !readsItself(one)),
  };
}

/** Whether what is added to a place is a sum that has been added up before. */
function isSum({ equation }: Member): boolean {
  return contractionOf(equation) !== undefined;
}

function readsItself({ equation }: Member): boolean {
  return reads(equation, equation.target);
}
