import type { Index } from '../../../equations/affine.ts';
import { type Contraction, contractionOf, indicesIn } from '../../loops/contraction.ts';
import { loopPolicy } from '../../loops/loopPolicy.ts';
import type { Member } from '../../loops/member.ts';
import { plainSchedule, type Schedule } from '../../loops/schedule.ts';
import type { ScalarRule } from './nest.ts';

/** Convolutions that are too wide to be written out, matrix products, and their gradients. */
export const contraction: ScalarRule = {
  name: 'contraction',
  does: 'a block of accumulators, so that each number loaded serves several products',
  plan(members) {
    const [{ equation }] = members as [Member];
    const found = members.length === 1 ? contractionOf(equation) : undefined;
    return found === undefined ? 'no sum of products by itself' : [{ members, schedule: scheduleContraction(found) }];
  },
};

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
    if (written > (blocks.length === 2 ? loopPolicy.tapsOfBlock : loopPolicy.tapsWrittenOut)) break;
    unroll.add(index);
  }
  const order = [...over.filter((index) => !blocks.includes(index)), ...blocks, ...summed];
  // A sum that is written out needs no neighbours: it is one expression.
  const alone = unroll.size === summed.length ? 1 : loopPolicy.blockAlone;
  const sizes = blocks.length === 2 ? loopPolicy.block : [alone];
  const tile = new Map(blocks.map((index, position) => [index, Math.min(index.size, sizes[position] as number)]));
  return { ...plainSchedule, order, tile, unroll };
}
