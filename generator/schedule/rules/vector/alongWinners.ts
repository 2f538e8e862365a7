import { type Index, winnersIn } from '../../../equations/affine.ts';
import type { Equation } from '../../../equations/equation.ts';
import type { Read } from '../../../equations/expression.ts';
import { isAlongWinners } from '../../../equations/winners.ts';
import { indicesIn } from '../../loops/contraction.ts';
import { channelFirst, commonFactor, productOf } from '../../loops/factors.ts';
import type { Member } from '../../loops/member.ts';
import { plainSchedule, type Schedule } from '../../loops/schedule.ts';
import { lanes, vectorPolicy } from '../../loops/vectorPolicy.ts';
import { evenly, type VectorRule } from './nest.ts';

/** Sums along the winners of a pool, whose common factor is often 0. */
export const alongWinners: VectorRule = {
  name: 'alongWinners',
  does: 'where the common factor is 0 the loops inside are left out, and sums stay in registers where they can',
  plan({ members, along }) {
    if (!members.every((one) => isAlongWinners(one.equation))) return 'not along winners';
    const [{ equation }] = members as [Member];
    const held = members.length === 1 ? heldFactor(members[0] as Member) : undefined;
    if (
      held !== undefined &&
      (isLongAlongWinners(members[0] as Member) || sumsOf(equation, held, along) <= vectorPolicy.sumsHeld)
    )
      return scheduleHolding(equation, held, along);
    const skip = commonFactor(members.map((one) => one.equation));
    return skip === undefined
      ? 'no common factor that would save work where it is 0'
      : scheduleSkipping(members, skip, along);
  },
};

/** Whether so many numbers are added up in one place that float32 asks for several runs, which only locals have. */
export function isLongAlongWinners(member: Member): boolean {
  return termsInPlace(member) > vectorPolicy.runs.alone;
}

/** How many winners add to one place that none of them decides; 1 where this is no such scatter. */
export function termsInPlace(member: Member): number {
  const factor = isAlongWinners(member.equation) ? heldFactor(member) : undefined;
  return factor === undefined ? 1 : productOf(walkedIn(member.equation, factor));
}

/** The factor of a scatter whose places no winner decides: its sums can stay in locals while all winners are gone through. */
function heldFactor({ equation, mode }: Member): Read | undefined {
  const isFixed = equation.at.every((coordinate) => winnersIn(coordinate).length === 0);
  const factor = mode === 'accumulate' && isFixed ? commonFactor([equation], 1) : undefined;
  return factor !== undefined && walkedIn(equation, factor).length > 0 ? factor : undefined;
}

/** The indices of a factor that decide no place of the target. */
function walkedIn({ at }: Equation, factor: Read): readonly Index[] {
  return [...indicesIn(factor)].filter((one) => !at.some(({ terms }) => terms.has(one)));
}

/** The indices of which a factor knows nothing, but for the one that fills vectors. */
function innerOf({ over }: Equation, factor: Read, vector: Index | undefined): readonly Index[] {
  return over.filter((one) => !indicesIn(factor).has(one) && one !== vector);
}

const vectorsIn = (vector: Index | undefined): number => (vector === undefined ? 1 : Math.ceil(vector.size / lanes));

function sumsOf(equation: Equation, factor: Read, vector: Index | undefined): number {
  return vectorsIn(vector) * productOf(innerOf(equation, factor, vector));
}

/** All winners of a filter are gone through with as many sums in locals as there are registers for, again for the next ones. */
function scheduleHolding(equation: Equation, factor: Read, vector: Index | undefined): Schedule {
  const walked = walkedIn(equation, factor);
  const most = vectorPolicy.sumsHeld;
  const inner = innerOf(equation, factor, vector);
  const vectors = evenly(vectorsIn(vector), most);
  const unroll = new Set<Index>();
  let written = vectors;
  for (const one of [...inner].reverse()) {
    written *= one.size;
    if (written <= most) unroll.add(one);
  }
  const again = inner.filter((one) => !unroll.has(one));
  const isWhole = vectors === vectorsIn(vector);
  const held = [
    ...[...indicesIn(factor)].filter((one) => !walked.includes(one)),
    ...again,
    ...(vector === undefined || isWhole ? [] : [vector]),
  ];
  // A sum in a local has no address that a loop could move: every vector is written out.
  const turn = vector === undefined ? 1 : isWhole ? Math.max(1, Math.floor(vector.size / lanes)) : vectors;
  const tile = new Map(vector === undefined ? [] : [[vector, turn]]);
  return { ...plainSchedule, skip: factor, held: new Set(held), order: held, tile, unroll };
}

function scheduleSkipping(members: readonly Member[], skip: Read, vector: Index | undefined): Schedule {
  const [{ equation }] = members as [Member];
  const inner = innerOf(equation, skip, vector);
  const run = vectorsIn(vector);
  const unroll = new Set<Index>();
  let written = members.length * run;
  for (const one of [...inner].reverse()) {
    written *= one.size;
    if (written <= vectorPolicy.productsWrittenOut) unroll.add(one);
  }
  const tile = new Map(vector === undefined ? [] : [[vector, vectorPolicy.vectorsOfRun]]);
  const hasLoops = inner.length > unroll.size || run >= 2 * vectorPolicy.vectorsOfRun;
  return { ...plainSchedule, skip, order: hasLoops ? channelFirst(equation, skip) : [], tile, unroll };
}
