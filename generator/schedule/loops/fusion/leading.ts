import type { Affine, Index } from '../../../equations/affine.ts';
import { type Equation, isPlain } from '../../../equations/equation.ts';
import type { Read } from '../../../equations/expression.ts';
import { isAlongWinners } from '../../../equations/winners.ts';
import { isStraight } from '../coalesce.ts';
import type { Group, Shared } from '../draft.ts';
import { commonFactor } from '../factors.ts';
import { isEverywhere, matches, reads, renamed } from './renaming.ts';

/**
 * Puts du[i,j,c] = dy[i,j,c]·[y[i,j,c] > 0] and db[c] = Σ du[i,j,c], if they come right before, into the loops of the
 * last group, which goes along winners and multiplies everything by du[i,j,c].
 */
export function leadWinners(groups: Group[], isAssigned: (equation: Equation) => boolean): void {
  const walk = groups.at(-1) ?? [];
  if (walk.length === 0 || !walk.every(({ original }) => isAlongWinners(original))) return;
  const factor = commonFactor(walk.map(({ equation }) => equation));
  if (factor === undefined) return;
  const before = (distance: number): Shared | undefined => {
    const group = groups.at(-1 - distance);
    return group?.length === 1 ? group[0] : undefined;
  };
  const last = before(1);
  const total = last && asTotal(last.original, factor);
  const mask = before(total === undefined ? 1 : 2);
  if (mask === undefined || mask.original.target !== factor.tensor || !isAssigned(mask.original)) return;
  if (!isPlain(mask.original) || !isStraight(mask.original.value) || !isEverywhere(mask.original.value)) return;
  if (walk.some(({ original }) => reads(mask.original, original.target))) return;
  const by = new Map<Index, Affine>();
  if (!matches(mask.original.at, factor.at, by)) return;
  const leading: Shared[] = [{ ...mask, equation: renamed(mask.original, by), isLeading: true }];
  if (total !== undefined) leading.push({ ...total, isLeading: true });
  const count = leading.length + 1;
  groups.splice(groups.length - count, count, [...leading, ...walk]);
}

/** Σ_{i,j} du[i,j,c] as an equation that adds du at the factor's place. */
function asTotal(one: Equation, factor: Read): Shared | undefined {
  const { value } = one;
  if (value.kind !== 'sum' || value.body.kind !== 'read' || value.body.tensor !== factor.tensor) return undefined;
  const by = new Map<Index, Affine>();
  if (!matches(value.body.at, factor.at, by)) return undefined;
  const equation = renamed({ ...one, over: [...one.over, ...value.over], value: value.body }, by);
  return { equation, within: [], original: one };
}
