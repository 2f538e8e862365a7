import type { Index } from '../../../equations/affine.ts';
import { type Contraction, contractionOf, indicesIn } from '../../loops/contraction.ts';
import { productOf } from '../../loops/factors.ts';
import type { Member } from '../../loops/member.ts';
import { plainSchedule, type Schedule } from '../../loops/schedule.ts';
import { vectorPolicy } from '../../loops/vectorPolicy.ts';
import { narrowedLoops } from './narrowed.ts';
import { evenly, type VectorRule } from './nest.ts';

/** Sums of which each lane has its own numbers of both factors: a depthwise convolution, and its gradients. */
export const lanesApart: VectorRule = {
  name: 'lanesApart',
  does: 'one vector at as many places as there are accumulators, so that the numbers that all places share are loaded once',
  plan({ given, members, along }) {
    const [first] = members as [Member];
    const found = contractionOf(first.equation);
    if (found === undefined || along === undefined) return 'no sum of products along vectors';
    const { factors } = found;
    if (!factors.every((factor) => indicesIn(factor).has(along))) return 'lanes share a factor';
    if ((first.within ?? []).length > 0) return 'windows of sums';
    return { ...scheduleApart(found, along), narrowed: narrowedLoops(given[0] as Member, found, along) };
  },
};

function scheduleApart({ over, summed, factors }: Contraction, vector: Index): Schedule {
  const [a, b] = factors.map(indicesIn) as [ReadonlySet<Index>, ReadonlySet<Index>];
  const places = over.filter((one) => one !== vector && a.has(one) !== b.has(one));
  const tile = new Map<Index, number>([[vector, 1]]);
  let left: number = vectorPolicy.accumulatorsApart;
  for (const place of [...places].reverse()) {
    const copies = evenly(place.size, left);
    if (copies === 1 && tile.size > 1) break;
    tile.set(place, copies);
    left = Math.floor(left / copies);
  }
  const tiled = places.filter((one) => tile.has(one));
  const order = [...over.filter((one) => one !== vector && !tiled.includes(one)), vector, ...tiled, ...summed];
  const unroll = new Set<Index>();
  for (const one of [...summed].reverse()) {
    if (productOf([...unroll, one]) > vectorPolicy.tapsApart) break;
    unroll.add(one);
  }
  return { ...plainSchedule, order, tile, unroll };
}
