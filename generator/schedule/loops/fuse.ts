import {
  type Affine,
  type Index,
  plain,
  plainIndex,
  sameAffine,
  staysWithin,
  substituteAffine,
} from '../../equations/affine.ts';
import { type Equation, isPlain } from '../../equations/equation.ts';
import { childrenOf, type Expression, forEachRead, type Max, type Read } from '../../equations/expression.ts';
import { substitute } from '../../equations/substitute.ts';
import { storageOf, type Tensor } from '../../equations/tensor.ts';
import { isAlongWinners } from '../../equations/transpose.ts';
import { isStraight } from './coalesce.ts';
import { commonFactor } from './schedule.ts';

/** An equation in the indices of the nest that it shares with others. */
export interface Shared {
  readonly equation: Equation;
  /** Indices of its own, which are written out inside the shared loops: the places of a window. */
  readonly within: readonly Index[];
  readonly original: Equation;
  /** Computed before it is asked whether the others are: the factor that decides it, or what only adds that factor up. */
  readonly isLeading?: boolean;
}

export type Group = readonly Shared[];

/** What decides whether a window's values are computed where their maximum is taken. */
export type WindowRule = (sum: Equation, window: readonly Index[]) => boolean;

/** What a kind of machine wants to be fused. */
export interface FusePolicy {
  /** Whether what comes after a sum of products shares its loops. */
  readonly followsSums: boolean;
  /** Whether the gradient behind a pool is computed where it meets its winner, ∂b with it. */
  readonly leadsWinners: boolean;
  readonly fusesWindow: WindowRule;
}

/**
 * Groups equations that share their loops, in order: a maximum and its place; two scatters along the same winners; an
 * equation that goes on with what the one before it has just computed, y[i,j,c] = relu(u[i,j,c]); and, where the rule
 * says so, a sum with the maximum over its windows.
 *
 * @param isAssigned whether an equation alone gives its target its value
 */
export function groupNests(
  equations: readonly Equation[],
  isAssigned: (equation: Equation) => boolean,
  { followsSums, leadsWinners, fusesWindow }: FusePolicy,
): readonly Group[] {
  const groups: Shared[][] = [];
  for (const one of equations) {
    const last = groups.at(-1);
    const before = last?.at(-1)?.original;
    if (last === undefined || before === undefined) groups.push([alone(one)]);
    else if (isPlaceOf(before, one) || walkTogether(before, one)) last.push(alone(one));
    else {
      const isOpen = isAssigned(one) && (followsSums || !isReduction(before));
      const follower = isOpen ? asFollower(last, one, isAssigned) : undefined;
      if (follower !== undefined) last.push(follower);
      else groups.push([alone(one)]);
    }
  }
  const fused: Group[] = [];
  for (const group of groups) {
    const sum = fused.at(-1);
    const both = sum && withWindows(sum, group, isAssigned, fusesWindow);
    if (both === undefined) fused.push(group);
    else fused.splice(-1, 1, both);
    if (leadsWinners) leadWinners(fused, isAssigned);
  }
  return fused;
}

/**
 * Puts du[i,j,c] = dy[i,j,c]·[y[i,j,c] > 0] and db[c] = Σ du[i,j,c], if they come right before, into the loops of the
 * last group, which goes along winners and multiplies everything by du[i,j,c].
 */
function leadWinners(groups: Group[], isAssigned: (equation: Equation) => boolean): void {
  const walk = groups.at(-1) ?? [];
  if (walk.length === 0 || !walk.every(({ original }) => isAlongWinners(original))) return;
  const factor = commonFactor(walk.map(({ equation }) => equation));
  if (factor === undefined) return;
  const before = (distance: number): Shared | undefined => {
    const group = groups.at(-1 - distance);
    return group?.length === 1 ? group[0] : undefined;
  };
  const total = before(1) && asTotal((before(1) as Shared).original, factor);
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

function alone(equation: Equation): Shared {
  return { equation, within: [], original: equation };
}

function isPlaceOf(before: Equation, one: Equation): boolean {
  return one.value.kind === 'argmax' && one.value.maximum.tensor === before.target && before.value.kind === 'max';
}

function walkTogether(a: Equation, b: Equation): boolean {
  return (
    isAlongWinners(a) &&
    isAlongWinners(b) &&
    a.over.length === b.over.length &&
    a.over.every((index) => b.over.includes(index)) &&
    !reads(b, a.target) &&
    !reads(a, b.target)
  );
}

export function reads({ value }: Equation, tensor: Tensor): boolean {
  let found = false;
  forEachRead(value, false, (r) => {
    found ||= storageOf(r.tensor) === storageOf(tensor);
  });
  return found;
}

/** The equation in the nest's indices, if it reads what the nest computes at the very place where that is computed. */
function asFollower(group: Group, one: Equation, isAssigned: (equation: Equation) => boolean): Shared | undefined {
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

/** Whether a value exists at every place: what it reads outside of sums and maxima lies inside. */
function isEverywhere(value: Expression): boolean {
  switch (value.kind) {
    case 'sum':
    case 'max':
    case 'argmax':
    case 'logSumExp':
      return true;
    case 'read':
      return value.at.every((coordinate, axis) => staysWithin(coordinate, value.tensor.shape[axis] as number));
    case 'where':
      return value.condition.kind === 'compare' && childrenOf(value).every(isEverywhere);
    default:
      return childrenOf(value).every(isEverywhere);
  }
}

/** Whether a place becomes the other one once its indices are renamed; notes how. */
function matches(at: readonly Affine[], other: readonly Affine[], by: Map<Index, Affine>): boolean {
  return at.every((coordinate, axis) => {
    const target = other[axis] as Affine;
    const [mine, theirs] = [plainIndex(coordinate), plainIndex(target)];
    if (mine === undefined || theirs === undefined) return sameAffine(coordinate, target);
    const known = by.get(mine);
    if (known !== undefined) return plainIndex(known) === theirs;
    by.set(mine, plain(theirs));
    return mine.size === theirs.size;
  });
}

function renamed(one: Equation, by: ReadonlyMap<Index, Affine>): Equation {
  return {
    ...one,
    at: one.at.map((coordinate) => substituteAffine(coordinate, by)),
    over: one.over.flatMap((index) => [...(by.get(index) ?? plain(index)).terms.keys()]),
    value: substitute(one.value, by),
  };
}

/** A sum of products together with the group that takes the maximum over windows of it, which must tile its target. */
function withWindows(
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

function isReduction({ value }: Equation): boolean {
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
