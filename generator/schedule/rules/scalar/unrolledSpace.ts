import type { Index } from '../../../equations/affine.ts';
import { type Expression, type Read, sumOver, zero } from '../../../equations/expression.ts';
import { type Contraction, contractionOf, indicesIn } from '../../loops/contraction.ts';
import { loopPolicy } from '../../loops/loopPolicy.ts';
import type { Member } from '../../loops/member.ts';
import { plainSchedule, type ScheduledNest } from '../../loops/schedule.ts';
import type { ScalarRule } from './nest.ts';

/**
 * A convolution with the columns written out: loops over filters, rows, kernel rows and channels around straight code
 * in which a few weights meet a whole row of the image; the sums stay in memory. Taps outside the image are left out.
 */
export const unrolledSpace: ScalarRule = {
  name: 'unrolledSpace',
  does: 'a convolution with the columns written out, the sums in memory',
  plan(members) {
    const [member] = members as [Member];
    const contraction = members.length === 1 ? contractionOf(member.equation) : undefined;
    if (contraction === undefined) return 'no sum of products by itself';
    const space = spaceOf(contraction);
    return typeof space === 'string' ? space : nestsOver(member, contraction, space);
  },
};

/** The kernel, and the indices that are written out. */
interface Space {
  readonly kernel: Read;
  readonly unroll: ReadonlySet<Index>;
}

function spaceOf({ over, summed, factors }: Contraction): Space | string {
  const slid = factors.find(({ at }) => at.some(({ terms }) => terms.size > 1));
  const kernel = factors.find((factor) => factor !== slid);
  if (slid === undefined || kernel === undefined) return 'nothing slides over an image';
  const slidAxes = slid.at.flatMap(({ terms }) => {
    const place = [...terms.keys()].find((one) => over.includes(one));
    const tap = [...terms.keys()].find((one) => summed.includes(one));
    return terms.size === 2 && place && tap ? [{ place, tap }] : [];
  });
  const column = slidAxes.at(-1);
  if (column === undefined) return 'no axis on which places and taps meet';
  const { columnsWrittenOut, tapsOfSpace, channelsOfBlock } = loopPolicy;
  const products = [...over, ...summed].reduce((product, { size }) => product * size, 1);
  if (column.tap.size > column.place.size && products > loopPolicy.fewProducts)
    return 'places are summed over: each number loaded would serve three products';
  const deepest = Math.max(...summed.map(({ size }) => size));
  if (column.tap.size < tapsOfSpace && deepest >= channelsOfBlock)
    return `${column.tap.size} taps in a row, ${deepest} channels: a block of accumulators loads less`;
  if (column.place.size > columnsWrittenOut)
    return `${column.place.size} columns, at most ${columnsWrittenOut} are written out`;
  const unroll = new Set([column.place, column.tap]);
  let written = column.place.size * column.tap.size;
  for (const { place, tap } of slidAxes.slice(0, -1).reverse()) {
    for (const one of [tap, place]) {
      written *= one.size;
      if (written <= loopPolicy.spaceWrittenOut) unroll.add(one);
    }
  }
  return { kernel, unroll };
}

function nestsOver(
  { equation, mode }: Member,
  { over, summed }: Contraction,
  { kernel, unroll }: Space,
): readonly ScheduledNest[] | string {
  const own = indicesIn(kernel);
  const channel = over.filter((one) => own.has(one)).at(-1);
  const moved = summed.filter((one) => !unroll.has(one));
  const order = [...(channel ? [channel] : []), ...over.filter((one) => one !== channel), ...moved];
  const { value } = equation;
  const sum = value.kind === 'plus' ? value.terms.find(({ kind }) => kind === 'sum') : value;
  if (sum?.kind !== 'sum') return 'no sum';
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
