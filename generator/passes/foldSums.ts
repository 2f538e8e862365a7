import { isZero, plusOf } from '../code/arithmetic.ts';
import type { Code, Local, Value } from '../code/code.ts';
import { partsOf } from '../code/parts.ts';
import { mapCode } from '../schedule/loops/loopPlan.ts';
import type { Pass } from './pass.ts';

/** A sum that begins and ends without a loop in between is one expression. */
export const foldSums: Pass<'loops'> = {
  name: 'foldSums',
  does: 'a sum that begins and ends without a loop in between is one expression',
  gives: 'loops',
  rewrite: 's = 0; s += a; s += b   →   s = a + b',
  run: (plan) => mapCode(plan, foldedSums),
};

/** The same of the code of one nest. */
export function foldedSums(code: readonly Code[]): Code[] {
  const later = new Map<Local, number>();
  countChanges(code, later);
  const open = new Map<Local, Value[]>();
  const done: Code[] = [];
  for (const one of code) {
    if (one.kind === 'loop' || one.kind === 'if') {
      done.push({ ...one, body: foldedSums(one.body) });
      continue;
    }
    const isFixed = one.kind === 'mutable' && (one.value.kind === 'number' || isUnchanged(one.value, later));
    if (one.kind === 'mutable' && isFixed && later.has(one.local)) {
      const here = code.flatMap((other) => (other.kind === 'plus' && other.local === one.local ? [other.value] : []));
      const isKept = here.every((value) => !changes(value, later));
      if (here.length > 0 && here.length === later.get(one.local) && isKept) {
        open.set(one.local, isZero(one.value) ? [] : [one.value]);
        continue;
      }
    }
    const terms = one.kind === 'plus' ? open.get(one.local) : undefined;
    if (one.kind !== 'plus' || terms === undefined) {
      done.push(one);
      continue;
    }
    terms.push(one.value);
    const left = (later.get(one.local) ?? 0) - 1;
    later.set(one.local, left);
    if (left === 0) {
      done.push({ kind: 'constant', local: one.local, value: plusOf(terms) });
    }
  }
  return done;
}

/** Whether a value is a local that keeps its number. */
function isUnchanged(value: Value, changes: ReadonlyMap<Local, number>): boolean {
  return value.kind === 'local' && !changes.has(value.local);
}

/** Whether a value is made of a local that does not keep its number. */
function changes(value: Value, later: ReadonlyMap<Local, number>): boolean {
  return value.kind === 'local' ? later.has(value.local) : partsOf(value).some((part) => changes(part, later));
}

/** How often each local is added to; one that is changed in another way is left out. */
function countChanges(code: readonly Code[], changes: Map<Local, number>): void {
  for (const one of code) {
    if (one.kind === 'plus') changes.set(one.local, (changes.get(one.local) ?? 0) + 1);
    if (one.kind === 'replace') changes.set(one.local, Number.NaN);
    if (one.kind === 'loop' || one.kind === 'if') countChanges(one.body, changes);
  }
}
