import type { Index } from '../../../equations/affine.ts';
import { type Contraction, contractionOf, indicesIn } from '../../loops/contraction.ts';
import { productOf } from '../../loops/factors.ts';
import type { Member } from '../../loops/member.ts';
import { plainSchedule, type Schedule } from '../../loops/schedule.ts';
import { vectorPolicy } from '../../loops/vectorPolicy.ts';
import { narrowedLoops } from './narrowed.ts';
import { evenly, type VectorRule, vectorsOf } from './nest.ts';

/** Convolutions, matrix products, and their gradients. */
export const contraction: VectorRule = {
  name: 'contraction',
  does: 'some vectors of channels times some places, as many accumulators as there are registers for',
  plan({ given, members, along }) {
    const [first] = members as [Member];
    const found = contractionOf(first.equation);
    if (found === undefined) return 'no sum of products';
    const narrowed = narrowedLoops(given[0] as Member, found, along);
    return { ...scheduleContraction(found, along, first.within), narrowed };
  },
};

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
  if (place !== undefined) tile.set(place, evenly(place.size, copies));
  const blocks = [place, vector].filter((one) => one !== undefined);
  const order = [...over.filter((one) => !blocks.includes(one)), ...blocks, ...summed];
  const last = summed.at(-1);
  const unroll = new Set(last !== undefined && last.size <= vectorPolicy.tapsWrittenOut ? [last] : []);
  return { ...plainSchedule, order, tile, unroll };
}
