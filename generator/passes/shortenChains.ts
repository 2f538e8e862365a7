import type { Contender, Value } from '../code/code.ts';
import { mapParts } from '../code/parts.ts';
import { policy } from '../schedule/policy.ts';
import { mapUnrolled } from '../schedule/unrolled/plan.ts';
import type { Pass } from './pass.ts';

/** A chain `a + b + …` or `Math.max(a, b, …)` that is too long for compilers becomes a chain of brackets. */
export const shortenChains: Pass<'functions'> = {
  name: 'shortenChains',
  does: `a sum or maximum of more than ${policy.operandsInChain} operands becomes one of runs of so many`,
  gives: 'functions',
  rewrite: 'z = a_0 + … + a_9999   →   z = (a_0 + … + a_127) + (a_128 + … + a_255) + …',
  run: (plan) => mapUnrolled(plan, shortened),
};

function shortened(outer: Value): Value {
  const value = mapParts(outer, shortened);
  if (value.kind === 'plus') return sumOf(value.terms);
  return value.kind === 'max' ? maximumOf(value.candidates) : value;
}

function sumOf(terms: readonly Value[]): Value {
  return { kind: 'plus', terms: inRuns(terms, sumOf) };
}

function maximumOf(candidates: readonly Contender[]): Value {
  const join = (run: readonly Contender[]): Contender => ({ value: maximumOf(run), place: run[0]?.place ?? 0 });
  return { kind: 'max', candidates: inRuns(candidates, join) };
}

/** The operands of a chain, or runs of them that are evaluated one after the other, no more than a chain may have. */
function inRuns<T>(operands: readonly T[], join: (run: readonly T[]) => T): readonly T[] {
  const most = policy.operandsInChain;
  if (operands.length <= most) return operands;
  let length = most;
  while (length * most < operands.length) length *= most;
  return Array.from({ length: Math.ceil(operands.length / length) }, (_, run) =>
    join(operands.slice(run * length, (run + 1) * length)),
  );
}
