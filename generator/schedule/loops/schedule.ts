import { type Affine, type Index, plainIndex } from '../../equations/affine.ts';
import type { Equation } from '../../equations/equation.ts';
import { type Expression, type Read, sumOver, zero } from '../../equations/expression.ts';
import { isAlongWinners } from '../../equations/winners.ts';
import type { WindowRule } from './fusion/windowRule.ts';
import type { Layouts } from './layout.ts';
import type { RunLimits } from './levels.ts';
import { loopPolicy } from './loopPolicy.ts';
import type { Member } from './member.ts';
import type { Constraint } from './places.ts';

/** How a nest of loops is laid out: data, read by the lowering. */
export interface Schedule {
  /** Indices from the outermost loop to the innermost; what is not named comes after, as the equation has it. */
  readonly order: readonly Index[];
  /** How many values of an index one turn of its loop takes at once, each with an accumulator of its own. */
  readonly tile: ReadonlyMap<Index, number>;
  /** Indices without a loop: their values are written out. */
  readonly unroll: ReadonlySet<Index>;
  /** The index whose neighbours fill a vector, and how many fit. */
  readonly vector: Index | undefined;
  readonly lanes: number;
  /** Whether the last vector may go over elements that the one before it has computed already, to the same numbers. */
  readonly overlaps: boolean;
  /** Whether what is left of the last vector is computed in the same turn, two numbers of it as half a vector. */
  readonly joinsRest: boolean;
  /** A factor of every term: where it is 0, the loops inside are left out. */
  readonly skip: Read | undefined;
  /** Indices of the factor inside whose loops the sums stay in locals, as none of the others decides their places. */
  readonly held: ReadonlySet<Index>;
  /** How long a sum may run on in one number; absent: as long as it is. */
  readonly runs: RunLimits | undefined;
  /** Loops of a sum that leave out the turns in which a coordinate is outside, where a border holds zeros. */
  readonly narrowed: ReadonlyMap<Index, Constraint>;
}

/** Equations that share their loops, and how these are laid out. */
export interface ScheduledNest {
  readonly members: readonly Member[];
  readonly schedule: Schedule;
}

/** Lays out equations that are computed together: one nest, or several one after the other. */
export type Scheduler = (members: readonly Member[], layouts: Layouts) => readonly ScheduledNest[];

/** A loop for each index, in the equation's order. */
export const plainSchedule: Schedule = {
  order: [],
  tile: new Map(),
  unroll: new Set(),
  vector: undefined,
  lanes: 1,
  overlaps: false,
  joinsRest: false,
  skip: undefined,
  held: new Set(),
  runs: undefined,
  narrowed: new Map(),
};

/** A product of two reads, summed up: a convolution, a matrix product, and their gradients. */
export interface Contraction {
  readonly over: readonly Index[];
  readonly summed: readonly Index[];
  readonly factors: readonly [Read, Read];
}

/** The layout of scalar code. */
export function scheduleScalar(members: readonly Member[]): readonly ScheduledNest[] {
  const [first] = members as [Member];
  if (first.within !== undefined && first.within.length > 0) return [{ members, schedule: scheduleWindows(members) }];
  const contraction = members.length === 1 ? contractionOf(first.equation) : undefined;
  if (contraction === undefined) return [{ members, schedule: schedulePlain(members) }];
  return overUnrolledSpace(first, contraction) ?? [{ members, schedule: scheduleContraction(contraction) }];
}

/**
 * Whether the sums of a row of windows can be written out where the windows are compared: N2's first convolution with
 * its pool and relu takes 0.7 instead of 1.3 µs.
 */
export const fusesWindows: WindowRule = ({ at, value }, window) => {
  const taps = productOf(sumIn(value)?.over ?? []);
  const columns = at.length === 3 ? (plainIndex(at[1] as Affine)?.size ?? 1) : 1;
  const products = taps * columns * productOf(window.slice(0, -1));
  return taps <= loopPolicy.tapsWrittenOut && products <= loopPolicy.spaceWrittenOut;
};

/** Loops over filters and rows of windows around the sums of all the row's windows and their comparison. */
function scheduleWindows(members: readonly Member[]): Schedule {
  const [{ equation, within = [] }] = members as [Member];
  const over = equation.over.filter((one) => !within.includes(one));
  const [column, channel] = [over.at(-2), over.at(-1)];
  const windows = members.flatMap((one) => smallWindows(one.equation.value));
  const unroll = new Set([...(sumIn(equation.value)?.over ?? []), ...windows, ...(column ? [column] : [])]);
  return { ...plainSchedule, order: channel === undefined ? over : [channel, ...over.slice(0, -1)], unroll };
}

/** The only sum among the terms of a value. */
export function sumIn(value: Expression) {
  const sums = (value.kind === 'plus' ? value.terms : [value]).filter((term) => term.kind === 'sum');
  return sums.length === 1 ? sums[0] : undefined;
}

function schedulePlain(all: readonly Member[]): Schedule {
  const members = all.filter(({ isLeading }) => !isLeading);
  const [{ equation }] = members as [Member];
  const skip = members.every((one) => isAlongWinners(one.equation))
    ? commonFactor(members.map(({ equation }) => equation))
    : undefined;
  if (skip === undefined) {
    return { ...plainSchedule, unroll: new Set([...smallWindows(equation.value), ...rowOf(equation)]) };
  }
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
  return {
    ...plainSchedule,
    skip,
    order: inner.length > unroll.size ? channelFirst(equation, skip) : [],
    tile,
    unroll,
  };
}

/** The row of an outer product y[n]·z[o], if it is short: one factor serves all of it. */
function rowOf({ over, value }: Equation): readonly Index[] {
  const last = over.at(-1);
  if (last === undefined || last.size > loopPolicy.rowWrittenOut || value.kind !== 'times') return [];
  const factors = value.factors.filter((factor): factor is Read => factor.kind === 'read');
  const isOuter = factors.length === value.factors.length && factors.some((factor) => !indicesIn(factor).has(last));
  return isOuter ? [last] : [];
}

/**
 * A convolution with the columns written out: loops over filters, rows, kernel rows and channels around straight code
 * in which a few weights meet a whole row of the image; the sums stay in memory. Taps outside the image are left out.
 */
function overUnrolledSpace(
  member: Member,
  { over, summed, factors }: Contraction,
): readonly ScheduledNest[] | undefined {
  const slid = factors.find(({ at }) => at.some(({ terms }) => terms.size > 1));
  const kernel = factors.find((factor) => factor !== slid);
  if (slid === undefined || kernel === undefined) return undefined;
  const slidAxes = slid.at.flatMap(({ terms }) => {
    const place = [...terms.keys()].find((one) => over.includes(one));
    const tap = [...terms.keys()].find((one) => summed.includes(one));
    return terms.size === 2 && place && tap ? [{ place, tap }] : [];
  });
  const column = slidAxes.at(-1);
  if (column === undefined || column.place.size > loopPolicy.columnsWrittenOut) return undefined;
  const unroll = new Set([column.place, column.tap]);
  let written = column.place.size * column.tap.size;
  for (const { place, tap } of slidAxes.slice(0, -1).reverse()) {
    for (const one of [tap, place]) {
      written *= one.size;
      if (written <= loopPolicy.spaceWrittenOut) unroll.add(one);
    }
  }
  const own = indicesIn(kernel);
  const channel = over.filter((one) => own.has(one)).at(-1);
  const moved = summed.filter((one) => !unroll.has(one));
  const order = [...(channel ? [channel] : []), ...over.filter((one) => one !== channel), ...moved];
  const { equation, mode } = member;
  const { value } = equation;
  const sum = value.kind === 'plus' ? value.terms.find(({ kind }) => kind === 'sum') : value;
  if (sum?.kind !== 'sum') return undefined;
  const start: Expression =
    value.kind === 'plus' ? { ...value, terms: value.terms.filter((term) => term !== sum) } : zero;
  const before: Member = { equation: { ...equation, value: start }, mode };
  const after: Member = {
    equation: {
      ...equation,
      over: [...equation.over, ...moved],
      value: sumOver(
        summed.filter((one) => unroll.has(one)),
        sum.body,
      ),
    },
    mode: 'accumulate',
  };
  const hasStart = mode === 'assign' || start !== zero;
  return [
    ...(hasStart ? [{ members: [before], schedule: { ...plainSchedule, order, unroll } }] : []),
    { members: [after], schedule: { ...plainSchedule, order, unroll } },
  ];
}

/** Windows of a maximum that are small enough to be written out. */
export function smallWindows(e: Expression): readonly Index[] {
  switch (e.kind) {
    case 'max':
    case 'argmax':
      return productOf(e.over) <= loopPolicy.candidatesWrittenOut ? e.over : [];
    default:
      return [];
  }
}

export function contractionOf({ over, value }: Equation): Contraction | undefined {
  const terms = value.kind === 'plus' ? value.terms : [value];
  const sums = terms.filter((term) => term.kind === 'sum');
  const [summed] = sums;
  if (summed === undefined || sums.length > 1 || summed.body.kind !== 'times') return undefined;
  const { factors } = summed.body;
  const [a, b] = factors;
  if (factors.length !== 2 || a?.kind !== 'read' || b?.kind !== 'read') return undefined;
  return { over, summed: summed.over, factors: [a, b] };
}

export function indicesIn(r: Read): ReadonlySet<Index> {
  return new Set(r.at.flatMap((coordinate) => [...coordinate.terms.keys()]));
}

/**
 * A block of accumulators: some places that only one factor reads times some that only the other reads, so that each
 * number loaded serves several products.
 */
function scheduleContraction({ over, summed, factors }: Contraction): Schedule {
  const [a, b] = factors.map(indicesIn) as [ReadonlySet<Index>, ReadonlySet<Index>];
  const onlyIn = (one: ReadonlySet<Index>, other: ReadonlySet<Index>): Index | undefined =>
    over.filter((index) => one.has(index) && !other.has(index)).at(-1);
  const blocks = [onlyIn(a, b), onlyIn(b, a)].filter((index) => index !== undefined);
  blocks.sort((first, second) => over.indexOf(first) - over.indexOf(second));
  const unroll = new Set<Index>();
  let written = 1;
  for (const index of [...summed].reverse()) {
    written *= index.size;
    if (written > loopPolicy.tapsWrittenOut) break;
    unroll.add(index);
  }
  const order = [...over.filter((index) => !blocks.includes(index)), ...blocks, ...summed];
  // A sum that is written out needs no neighbours: it is one expression.
  const alone = unroll.size === summed.length ? 1 : loopPolicy.blockAlone;
  const sizes = blocks.length === 2 ? loopPolicy.block : [alone];
  const tile = new Map(blocks.map((index, position) => [index, Math.min(index.size, sizes[position] as number)]));
  return { ...plainSchedule, order, tile, unroll };
}

/** A read that every equation multiplies by, and that fewer loops decide than the rest. */
export function commonFactor([first, ...others]: readonly Equation[]): Read | undefined {
  if (first === undefined) return undefined;
  return factorsOf(first).find((candidate) => {
    const inner = first.over.filter((one) => !indicesIn(candidate).has(one));
    const isShared = others.every((other) =>
      factorsOf(other).some((factor) => factor.tensor === candidate.tensor && sameIndices(factor, candidate)),
    );
    return isShared && candidate.tensor.role === 'gradient' && productOf(inner) >= loopPolicy.workWorthSkipping;
  });
}

export function factorsOf({ value }: Equation): Read[] {
  const factors = value.kind === 'times' ? value.factors : [value];
  return factors.filter((factor): factor is Read => factor.kind === 'read');
}

function sameIndices(a: Read, b: Read): boolean {
  return a.at.every((coordinate, axis) => plainIndex(coordinate) === plainIndex(b.at[axis] as never));
}

/** The factor's channel outermost, so that one filter's gradient stays in the cache. */
export function channelFirst({ over }: Equation, skip: Read): readonly Index[] {
  const channel = skip.at
    .map(plainIndex)
    .filter((index) => index !== undefined)
    .at(-1);
  return channel === undefined ? over : [channel, ...over.filter((one) => one !== channel)];
}

export function productOf(indices: readonly Index[]): number {
  return indices.reduce((product, { size }) => product * size, 1);
}
