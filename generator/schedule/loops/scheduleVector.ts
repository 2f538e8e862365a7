import { bounds, type Index, plainIndex, staysWithin, winnersIn } from '../../equations/affine.ts';
import type { Equation } from '../../equations/equation.ts';
import { type Expression, forEachRead, type Read } from '../../equations/expression.ts';
import { isAlongWinners } from '../../equations/winners.ts';
import { coalesceSums } from './coalesce.ts';
import { reads } from './fusion/renaming.ts';
import type { WindowRule } from './fusion/windowRule.ts';
import type { Sum } from './kernel.ts';
import { absorbs, type Layouts, layoutIn, strideOf } from './layout.ts';
import type { Member } from './member.ts';
import { type Constraint, type Place, places } from './places.ts';
import {
  type Contraction,
  channelFirst,
  commonFactor,
  contractionOf,
  factorsOf,
  indicesIn,
  plainSchedule,
  productOf,
  type Schedule,
  type ScheduledNest,
  smallWindows,
  sumIn,
} from './schedule.ts';
import { lanes, vectorPolicy } from './vectorPolicy.ts';

/** The layout of vector code: the same loops, with neighbours in memory side by side in vectors. */
export function scheduleVector(given: readonly Member[], layouts: Layouts): readonly ScheduledNest[] {
  const members = given.map((one) => ({ ...one, equation: coalesceSums(one.equation, layouts) }));
  const [first] = members as [Member];
  const equations = members.map(({ equation }) => equation);
  const whole = vectorIndex(equations, layouts, lanes);
  const across = whole === undefined && members.length === 1 ? summedVector(first.equation, layouts) : undefined;
  const along = whole ?? (across ? undefined : vectorIndex(equations, layouts, lanes / 2));
  const vector = along ?? across;
  const contraction = contractionOf(first.equation);
  const base: Schedule =
    across !== undefined
      ? scheduleAcross(first.equation, across)
      : contraction === undefined
        ? scheduleEach(members, vector)
        : {
            ...scheduleContraction(contraction, vector, first.within),
            narrowed: narrowedLoops(given[0] as Member, contraction, vector),
          };
  const schedule: Schedule = {
    ...base,
    unroll: new Set([...base.unroll, ...members.flatMap(({ equation }) => smallWindows(equation.value))]),
    vector,
    lanes: vector === undefined ? 1 : lanes,
    runs: vectorPolicy.runs,
    // The sums of a contraction would not have registers enough.
    joinsRest: along !== undefined && (contraction === undefined || along.size < lanes),
    overlaps: along !== undefined && members.every(({ equation, mode }) => mode === 'assign' && !readsItself(equation)),
  };
  return [{ members, schedule }];
}

function readsItself(equation: Equation): boolean {
  return reads(equation, equation.target);
}

/** Three neighbours in memory make half a vector and a number: N2's step in a batch takes 0.92 instead of 1.02 µs. */
export const turnsKernel = (shape: readonly number[]): boolean => (shape.at(-3) ?? 1) * (shape.at(-2) ?? 1) > lanes / 2;

/** Whether there are accumulators enough for all places of a window. */
export const fusesWindow: WindowRule = ({ at }, window) => {
  const channel = at.map(plainIndex).at(-1);
  if (channel === undefined || channel.size < lanes) return false;
  return productOf(window) * vectorsOf(channel) <= vectorPolicy.accumulators;
};

/** Some vectors of channels times some places, as many accumulators as there are registers for. */
function scheduleContraction(
  { over: all, summed, factors }: Contraction,
  vector: Index | undefined,
  within: readonly Index[] = [],
): Schedule {
  const over = all.filter((one) => !within.includes(one));
  const [a, b] = factors.map(indicesIn) as [ReadonlySet<Index>, ReadonlySet<Index>];
  const isMine = (one: Index): boolean =>
    vector !== undefined && a.has(vector) === a.has(one) && b.has(vector) === b.has(one);
  const places = over.filter((one) => one !== vector && !isMine(one) && a.has(one) !== b.has(one));
  const place = places.at(-1);
  const vectors = vector === undefined ? 1 : vectorsOf(vector);
  const written = productOf(within) * vectors;
  const copies = Math.max(1, Math.floor(vectorPolicy.accumulators / written));
  const tile = new Map<Index, number>();
  if (vector !== undefined) tile.set(vector, vectors);
  if (place !== undefined) tile.set(place, Math.min(place.size, copies));
  const blocks = [place, vector].filter((one) => one !== undefined);
  const order = [...over.filter((one) => !blocks.includes(one)), ...blocks, ...summed];
  const last = summed.at(-1);
  const unroll = new Set(last !== undefined && last.size <= vectorPolicy.tapsWrittenOut ? [last] : []);
  return { ...plainSchedule, order, tile, unroll };
}

/**
 * The loops around the innermost one of a sum that would often multiply by the zeros of a border, each with the coordinate
 * that leaves the image, as it was before loops were joined. Every place keeps a turn, and knows its range beforehand.
 */
function narrowedLoops(
  { equation, within = [] }: Member,
  { summed }: Contraction,
  vector: Index | undefined,
): ReadonlyMap<Index, Constraint> {
  if (equation.staysInside) return new Map();
  const outer = equation.over.filter((one) => one !== vector);
  const coordinates = (contractionOf(equation)?.factors ?? []).flatMap(({ tensor, at }) =>
    at.map((coordinate, axis): Constraint => ({ at: coordinate, size: tensor.shape[axis] as number })),
  );
  return new Map(
    summed.slice(0, -1).flatMap((one): [Index, Constraint][] => {
      const known = new Set([one, ...outer, ...within]);
      const constraint = coordinates.find(({ at, size }) => {
        const range = bounds(at);
        const isOpen = at.terms.has(one) && (range.min < 0 || range.max >= size);
        if (!isOpen || winnersIn(at).length > 0 || ![...at.terms.keys()].every((index) => known.has(index)))
          return false;
        const turns = turnsInside({ at, size }, one, within);
        const share = turns.reduce((sum, count) => sum + count, 0) / (turns.length * one.size);
        return Math.min(...turns) > 0 && 1 - share >= vectorPolicy.turnsWorthLeavingOut;
      });
      return constraint ? [[one, constraint]] : [];
    }),
  );
}

/** At each place, how many of an index's turns are inside for some place of a window. */
function turnsInside({ at, size }: Constraint, one: Index, within: readonly Index[]): readonly number[] {
  const own = [...at.terms.keys()];
  const isInside = (place: Place): boolean => {
    let value = at.constant;
    for (const [index, factor] of at.terms) value += factor * (place.get(index) as Sum).constant;
    return value >= 0 && value < size;
  };
  const window = own.filter((index) => within.includes(index));
  return places(
    own.filter((index) => index !== one && !window.includes(index)),
    new Map(),
  ).map((place) => places([one], place).filter((turn) => places(window, turn).some(isInside)).length);
}

/** Four terms of each sum at once, and some sums beside one another. */
function scheduleAcross({ over, value }: Equation, vector: Index): Schedule {
  const summed = sumIn(value)?.over ?? [];
  const place = over.at(-1);
  const tile = new Map([[vector, vectorsOf(vector)]]);
  if (place !== undefined) tile.set(place, Math.min(place.size, vectorPolicy.sumsAcross));
  return { ...plainSchedule, order: [...over, ...summed.filter((one) => one !== vector), vector], tile };
}

/** The indices that decide where the sums of a single scatter stand, if there are registers for all of its sums. */
function heldIn(members: readonly Member[], skip: Read, sums: number): ReadonlySet<Index> {
  const [{ equation, mode }] = members as [Member];
  const walked = [...indicesIn(skip)].filter((one) => !equation.at.some(({ terms }) => terms.has(one)));
  const isFixed = equation.at.every((coordinate) => winnersIn(coordinate).length === 0);
  const pays = members.length === 1 && mode === 'accumulate' && sums <= vectorPolicy.sumsHeld && walked.length > 0;
  return new Set(pays && isFixed ? [...indicesIn(skip)].filter((one) => !walked.includes(one)) : []);
}

/** Vectors of an index side by side; below a whole one, half a vector and a number. */
function vectorsOf({ size }: Index): number {
  if (size < lanes) return size - lanes / 2 + 1;
  return Math.max(1, Math.min(vectorPolicy.vectorsAtOnce, Math.floor(size / lanes)));
}

function scheduleEach(members: readonly Member[], vector: Index | undefined): Schedule {
  const [{ equation }] = members as [Member];
  const skip = members.every((one) => isAlongWinners(one.equation))
    ? commonFactor(members.map(({ equation }) => equation))
    : undefined;
  if (skip !== undefined) {
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
  const { over } = equation;
  if (vector === undefined)
    return { ...plainSchedule, tile: new Map(over.slice(-1).map((one) => [one, vectorPolicy.numbersAtOnce])) };
  const others = over.filter((one) => one !== vector);
  // The factor of an outer product that every row shares stays in locals.
  const isShared = factorsOf(equation).some((factor) => indicesIn(factor).has(vector) && indicesIn(factor).size === 1);
  const order = isShared ? [vector, ...others] : [...others, vector];
  const hasWindow = members.some(({ equation }) => smallWindows(equation.value).length > 0);
  return { ...plainSchedule, order, tile: new Map(hasWindow ? [] : [[vector, vectorsOf(vector)]]) };
}

/** The index of a sum along which everything that it reads lies in memory without gaps, or does not move at all. */
function summedVector({ value, staysInside }: Equation, layouts: Layouts): Index | undefined {
  const sum = sumIn(value);
  return sum?.over.findLast((one) => {
    const strides: number[] = [];
    let exists = one.size >= lanes && hasLanes(sum.body, one);
    forEachRead(sum.body, true, (r, isAbsorbed) => {
      strides.push(strideOf(r, one, layouts));
      exists &&= !dependsOnWinner(r.at, one);
      exists &&= staysInside || (isAbsorbed && absorbs(layoutIn(layouts, r.tensor), 'factor')) || !leaves(r, one);
    });
    return exists && strides.includes(1) && strides.every((stride) => stride === 0 || stride === 1);
  });
}

/** The index along which every array that is read or written lies in memory without gaps, or does not move at all. */
function vectorIndex(equations: readonly Equation[], layouts: Layouts, least: number): Index | undefined {
  const [first] = equations as [Equation];
  return [...first.over]
    .reverse()
    .find((one) => one.size >= least && equations.every((equation) => liesAlong(equation, one, layouts)));
}

function liesAlong({ target, at, over, value, staysInside }: Equation, one: Index, layouts: Layouts): boolean {
  if (!over.includes(one) || strideOf({ tensor: target, at }, one, layouts) !== 1 || !hasLanes(value, one))
    return false;
  if (dependsOnWinner(at, one)) return false;
  if (!staysInside && !absorbs(layoutIn(layouts, target), 'target') && leaves({ tensor: target, at }, one))
    return false;
  let isFine = true;
  forEachRead(value, true, (r, isAbsorbed) => {
    const stride = strideOf(r, one, layouts);
    const exists = staysInside || (isAbsorbed && absorbs(layoutIn(layouts, r.tensor), 'factor')) || !leaves(r, one);
    isFine &&= (stride === 0 || stride === 1) && !dependsOnWinner(r.at, one) && exists;
  });
  return isFine;
}

/** A winner that differs from lane to lane gives each lane a place of its own. */
function dependsOnWinner(at: Read['at'], one: Index): boolean {
  const winners = at.flatMap(winnersIn).flatMap(([{ winner }]) => winner?.read.at ?? []);
  return winners.some(({ terms }) => terms.has(one));
}

/** Whether an expression can be computed lane by lane: no question about places that the index would answer. */
function hasLanes(e: Expression, one: Index): boolean {
  switch (e.kind) {
    case 'plus':
      return e.terms.every((term) => hasLanes(term, one));
    case 'times':
      return e.factors.every((factor) => hasLanes(factor, one));
    case 'divide':
      return hasLanes(e.dividend, one) && hasLanes(e.divisor, one);
    case 'call':
      return hasLanes(e.argument, one);
    case 'where': {
      const { condition } = e;
      const isFine =
        condition.kind === 'compare'
          ? hasLanes(condition.left, one) && hasLanes(condition.right, one)
          : condition.kind === 'winner' && condition.at.every(({ terms }) => !terms.has(one));
      return isFine && hasLanes(e.yes, one) && hasLanes(e.no, one);
    }
    case 'sum':
    case 'max':
      return hasLanes(e.body, one);
    case 'argmax':
      return hasLanes(e.body, one);
    case 'count':
      return e.inside.every(({ at }) => !at.terms.has(one));
    case 'logSumExp':
    case 'address':
      return false;
    default:
      return true;
  }
}

/** Whether an index leads outside, so that what one lane reads another lane may not. */
function leaves({ tensor, at }: Pick<Read, 'tensor' | 'at'>, one: Index): boolean {
  return at.some(
    (coordinate, axis) => coordinate.terms.has(one) && !staysWithin(coordinate, tensor.shape[axis] as number),
  );
}
