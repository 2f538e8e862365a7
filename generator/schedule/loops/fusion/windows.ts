import { type Affine, type Index, plainIndex, sameAffine } from '../../../equations/affine.ts';
import { type Equation, isPlain } from '../../../equations/equation.ts';
import type { Max, Read } from '../../../equations/expression.ts';
import { storageOf } from '../../../equations/tensor.ts';
import { forEachRead } from '../../../equations/visit.ts';
import type { Group, Shared } from '../draft.ts';
import { renamed } from './renaming.ts';
import type { WindowRule } from './windowRule.ts';

/** A sum of products together with the group that takes the maximum over windows of it, which must tile its target. */
export function withWindows(
  sumGroup: Group,
  group: Group,
  isAssigned: (equation: Equation) => boolean,
  fusesWindow: WindowRule,
): Group | undefined {
  const [sum, ...others] = sumGroup as [Shared, ...Shared[]];
  const [maximum] = group as [Shared];
  const { value } = maximum.original;
  const isSum = others.length === 0 && isAssigned(sum.original) && isPlain(sum.original) && isReduction(sum.original);
  if (!isSum || value.kind !== 'max' || value.body.kind !== 'read') return undefined;
  if (value.body.tensor !== sum.original.target) return undefined;
  if (!group.every(({ original }) => onlyThere(original, value.body as Read))) return undefined;
  const tiles = tilesOf(sum.original, value, value.body);
  if (tiles === undefined) return undefined;
  if (!fusesWindow(sum.original, tiles.within)) return undefined;
  const equation = renamed(sum.original, tiles.by);
  return [
    {
      equation: { ...equation, over: [...maximum.original.over, ...tiles.within] },
      within: tiles.within,
      original: sum.original,
    },
    ...group,
  ];
}

/** Whether an equation adds up. */
export function isReduction({ value }: Equation): boolean {
  return value.kind === 'sum' || (value.kind === 'plus' && value.terms.some(({ kind }) => kind === 'sum'));
}

/** Whether an equation reads the sum's target at most as the maximum does. */
function onlyThere({ value }: Equation, window: Read): boolean {
  if (value.kind === 'max') return true;
  if (value.kind === 'argmax') return value.body.kind === 'read' && value.body.tensor === window.tensor;
  let isFine = true;
  forEachRead(value, false, ({ tensor }) => {
    isFine &&= storageOf(tensor) !== window.tensor;
  });
  return isFine;
}

/** The sum's indices as places of windows, h = 2i + p, if the windows lie side by side without gaps. */
function tilesOf(sum: Equation, { over }: Max, { at }: Read) {
  const by = new Map<Index, Affine>();
  const within: Index[] = [];
  for (const [axis, coordinate] of at.entries()) {
    const mine = plainIndex(sum.at[axis] as Affine);
    if (mine === undefined) {
      if (!sameAffine(coordinate, sum.at[axis] as Affine)) return undefined;
      continue;
    }
    const place = [...coordinate.terms].find(([index]) => over.includes(index));
    const window = [...coordinate.terms].find(([index]) => !over.includes(index));
    const step = place?.[0].size ?? 1;
    const isTiled = window?.[1] === step && (place?.[1] ?? 1) === 1 && window[0].size * step === mine.size;
    if (!isTiled || coordinate.constant !== 0 || coordinate.terms.size > 2) return undefined;
    const own = place && { ...place[0] };
    if (own) within.push(own);
    by.set(mine, {
      constant: 0,
      terms: new Map([[window[0], step] as const, ...(own ? [[own, 1] as const] : [])]),
    });
  }
  return { by, within };
}
