import { type Affine, type Index, plainIndex } from '../../../equations/affine.ts';
import { type Equation, isPlain } from '../../../equations/equation.ts';
import { storageOf, type Tensor } from '../../../equations/tensor.ts';
import { forEachRead } from '../../../equations/visit.ts';
import { isStraight } from '../coalesce.ts';
import type { Group, Shared } from '../draft.ts';
import { isEverywhere, matches, reads, renamed } from './renaming.ts';

/** The equation in the nest's indices, if it reads what the nest computes at the very place where that is computed. */
export function asFollower(
  group: Group,
  one: Equation,
  isAssigned: (equation: Equation) => boolean,
): Shared | undefined {
  const [first] = group as [Shared];
  if (one.layer !== first.original.layer || !isPlain(one) || !isStraight(one.value)) return undefined;
  if (one.over.length !== first.equation.over.length) return undefined;
  const isFree = ({ original }: Shared): boolean =>
    isAssigned(original) && isPlain(original) && !reads(original, one.target) && isEverywhere(original.value);
  if (!group.every(isFree) || !isEverywhere(one.value)) return undefined;
  const by = new Map<Index, Affine>();
  let isSame = true;
  const read = new Set<Tensor>();
  forEachRead(one.value, false, ({ tensor, at }) => {
    const written = group.find(({ original }) => storageOf(original.target) === storageOf(tensor));
    if (written === undefined) return;
    read.add(tensor);
    isSame &&= tensor === written.original.target && matches(at, written.equation.at, by);
  });
  const covers = one.over.every((index) => by.has(index)) && new Set([...by.values()].map(plainIndex)).size === by.size;
  if (read.size === 0 || !isSame || !covers) return undefined;
  return { equation: renamed(one, by), within: [], original: one };
}
