import { bounds, type Index, isInjective, winnersIn } from './affine.ts';
import type { Equation } from './equation.ts';
import { storageOf, type Tensor } from './tensor.ts';

/**
 * The equations that define what stands on their left: each of its places is hit once, by one term of one equation. All
 * others add up. It is the one rule behind `=` and `+=` wherever an equation is printed; in doubt an equation adds up,
 * which is always true.
 *
 * @param equations all that could have a target in common
 * @param given a tensor whose numbers come from outside, so that an equation can only add to it
 */
export function definingEquations(equations: readonly Equation[], given?: Tensor): ReadonlySet<Equation> {
  const byTarget = new Map<Tensor, Equation[]>();
  for (const one of equations) {
    const target = storageOf(one.target);
    byTarget.set(target, [...(byTarget.get(target) ?? []), one]);
  }
  const defining = new Set<Equation>();
  for (const [target, group] of byTarget) {
    if (target === given) continue;
    const areApart = group.every((one, n) => group.slice(0, n).every((other) => isApart(one, other)));
    if (areApart && group.every(meetsNowhere)) for (const one of group) defining.add(one);
  }
  return defining;
}

/** Whether no two values of the indices give the same place. */
export function meetsNowhere({ at, over }: Equation): boolean {
  const seen = new Set<Index>();
  for (const coordinate of at) {
    if (!isInjective(coordinate)) return false;
    for (const index of coordinate.terms.keys()) {
      if (seen.has(index)) return false;
      seen.add(index);
    }
  }
  return over.every((index) => seen.has(index));
}

/** Whether the places of two equations lie apart along some axis. */
function isApart(a: Equation, b: Equation): boolean {
  if (a.at.length !== b.at.length || a.target.shape.some((size, axis) => size !== b.target.shape[axis])) return false;
  return a.at.some((coordinate, axis) => {
    if (winnersIn(coordinate).length + winnersIn(b.at[axis] ?? coordinate).length > 0) return false;
    const [one, other] = [bounds(coordinate), bounds(b.at[axis] ?? coordinate)];
    return one.max < other.min || other.max < one.min;
  });
}
