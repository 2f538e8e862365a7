import { type Code, distance, type Loop, type Pointer, type Variable } from '../code/code.ts';
import { variablesOf } from '../code/parts.ts';
import { visitCode } from '../code/visit.ts';
import { mapCode } from '../schedule/loops/loopPlan.ts';
import type { Pass } from './pass.ts';

/**
 * WebAssembly has no compiler behind it that would let addresses walk, and leave out a counter that then nobody reads: N3's
 * second convolution takes 17.6 instead of 20 µs.
 */
export const walk: Pass<'loops'> = {
  name: 'walk',
  does: 'what a loop would compute from its counter at every turn is a pointer that moves on',
  gives: 'loops',
  rewrite: 'for n: W_n = W + 64·n; …   →   for n, W_n = W; W_n += 64: …',
  run: (plan) => mapCode(plan, walked),
};

/** The same of the code of one nest. */
export function walked(code: readonly Code[]): readonly Code[] {
  return code.map((one) => {
    if (one.kind === 'if') return { ...one, body: walked(one.body) };
    return one.kind === 'loop' ? walkAlong({ ...one, body: walked(one.body) }) : one;
  });
}

function walkAlong(loop: Loop): Loop {
  const { variable, from, to, body, step } = loop;
  const length = distance(from, to);
  const walks = length === undefined ? loop.runs === true && step === 1 : length > step;
  if (!walks) return loop;
  const bound = new Set<Variable>();
  for (const one of body) if (one.kind === 'integer' || one.kind === 'counter') bound.add(one.variable);
  const pointers: Pointer[] = [];
  const rest = body.filter((one) => {
    if (one.kind !== 'integer' || one.value.kind !== 'sum' || !one.value.terms.has(variable)) return true;
    if ([...one.value.terms.keys()].some((term) => bound.has(term))) return true;
    pointers.push({ variable: one.variable, value: one.value });
    return false;
  });
  if (pointers.length === 0) return loop;
  return { ...loop, body: rest, pointers, isCounted: variablesIn(rest).has(variable) };
}

/** Every integer that code reads. */
function variablesIn(code: readonly Code[]): ReadonlySet<Variable> {
  const found = new Set<Variable>();
  visitCode(code, {
    int: (value) => {
      for (const variable of variablesOf(value)) found.add(variable);
    },
  });
  return found;
}
