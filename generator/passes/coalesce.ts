import type { Equation } from '../equations/equation.ts';
import { storageOf, type Tensor } from '../equations/tensor.ts';
import { present } from '../lists.ts';
import { coalesce as coalesced } from '../schedule/loops/coalesce.ts';
import type { Draft, FunctionDraft, Fused, Joined } from '../schedule/loops/draft.ts';
import type { Member } from '../schedule/loops/member.ts';
import { readersOf } from '../schedule/loops/stored.ts';
import type { Pass } from './pass.ts';

/** Loops over memory without gaps. */
export const coalesce: Pass<'nests', 'joined'> = {
  name: 'coalesce',
  does: 'two loops whose memory runs on from one to the other are one',
  gives: 'joined',
  rewrite: 'a[i,c] = relu(z[i,c]), i < 4, c < 3   →   a[n] = relu(z[n]), n < 12',
  run(draft) {
    const { forward, backward } = draft.program;
    const readers = readersOf([...forward, ...backward]);
    const join = (nest: Fused): Joined => ({
      equations: nest.group.map(({ original }) => original),
      cleared: nest.cleared,
      members: membersOf(nest, draft, readers),
    });
    return { ...draft, parts: draft.parts.map((part) => ({ ...part, nests: part.nests.map(join) })) };
  },
};

function membersOf(
  { group }: Fused,
  { layouts, modes, seen }: Draft<FunctionDraft<Fused>>,
  readers: ReadonlyMap<Tensor, readonly Equation[]>,
): Member[] {
  const originals = group.map(({ original }) => original);
  const equations = coalesced(
    group.map(({ equation }) => equation),
    layouts,
  );
  return equations.map((equation, position): Member => {
    const { original, within, isLeading = false } = present(group[position]);
    const storage = storageOf(original.target);
    const isRead = readers.get(storage)?.some((reader) => !originals.includes(reader)) ?? false;
    const isLocal = !isRead && group.length > 1 && !seen.has(storage);
    return { equation, mode: modes.modeOf(original), within, isLeading, isLocal };
  });
}
