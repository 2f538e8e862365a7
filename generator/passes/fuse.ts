import type { Equation } from '../equations/equation.ts';
import { storageOf } from '../equations/tensor.ts';
import { isAlongWinners } from '../equations/winners.ts';
import type { Draft, FunctionDraft, Fused, Group, Part, Shared } from '../schedule/loops/draft.ts';
import { asFollower } from '../schedule/loops/fusion/follower.ts';
import { leadWinners } from '../schedule/loops/fusion/leading.ts';
import { reads } from '../schedule/loops/fusion/renaming.ts';
import type { WindowRule } from '../schedule/loops/fusion/windowRule.ts';
import { isReduction, withWindows } from '../schedule/loops/fusion/windows.ts';
import type { Pass } from './pass.ts';

/** What a kind of machine wants to be fused. */
export interface FusePolicy {
  /** Whether what comes after a sum of products shares its loops. */
  readonly followsSums: boolean;
  /** Whether the gradient behind a pool is computed where it meets its winner, ∂b with it. */
  readonly leadsWinners: boolean;
  readonly fusesWindow: WindowRule;
}

/**
 * Equations that share their loops, in order: a maximum and its place; two scatters along the same winners; an equation that
 * goes on with what the one before it has just computed, y[i,j,c] = relu(u[i,j,c]); and, where the policy says so, a sum
 * with the maximum over its windows.
 */
export function fuse(policy: FusePolicy): Pass<'parts', 'nests'> {
  return {
    name: 'fuse',
    does: 'equations over the same places share a nest, nests of one layer a function',
    gives: 'nests',
    rewrite: 'z[i] = …; a[i] = relu(z[i])   →   for i: z[i] = …; a[i] = relu(z[i])',
    run: (draft) => ({ ...draft, parts: draft.parts.flatMap((part) => functionsOf(part, draft, policy)) }),
  };
}

function functionsOf({ pass, equations }: Part, draft: Draft<Part>, policy: FusePolicy): FunctionDraft<Fused>[] {
  const { modes, sums } = draft;
  const cleared = (one: Equation): boolean => modes.isCleared(one) && !sums.has(storageOf(one.target));
  if (pass === 'clear') {
    return equations.map(({ layer, target }) => ({
      pass,
      layers: [layer],
      nests: [{ group: [], cleared: [storageOf(target)] }],
    }));
  }
  const isAssigned = (one: Equation): boolean => modes.modeOf(one) === 'assign';
  return chunksOf(groupsOf(equations, isAssigned, policy)).map((chunk) => ({
    pass,
    layers: [...layersOf(chunk)],
    nests: chunk.map((group) => ({
      group,
      cleared: group.flatMap(({ original }) => (cleared(original) ? [storageOf(original.target)] : [])),
    })),
  }));
}

/** The groups of one layer that stand together share a function. */
function chunksOf(groups: readonly Group[]): Group[][] {
  const chunks: Group[][] = [];
  for (const group of groups) {
    const last = chunks.at(-1);
    if (last !== undefined && layersOf(last).has(group[0]?.original.layer ?? '')) last.push(group);
    else chunks.push([group]);
  }
  return chunks;
}

function layersOf(groups: readonly Group[]): ReadonlySet<string> {
  return new Set(groups.flat().map(({ original }) => original.layer));
}

/** @param isAssigned whether an equation alone gives its target its value */
function groupsOf(
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
