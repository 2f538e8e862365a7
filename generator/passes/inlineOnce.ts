import type { Code, Local, Sum, Value } from '../code/code.ts';
import { bodyOf, mapParts, mapStatement, partsOf, valuesIn } from '../code/parts.ts';
import { sameTerms } from '../equations/linear.ts';
import { mapCode } from '../schedule/loops/loopPlan.ts';
import type { Pass } from './pass.ts';

/** Code that people read, and the same code for a compiler. */
export const inlineOnce: Pass<'loops'> = {
  name: 'inlineOnce',
  does: 'a number that is used once is written where it is used, if nothing is stored in between',
  gives: 'loops',
  rewrite: 'W_0 = W[0]; z_0 = W_0·x_0   →   z_0 = W[0]·x_0',
  run: (plan) => mapCode(plan, inlinedOnce),
};

/** The same of the code of one nest. */
export function inlinedOnce(code: readonly Code[]): readonly Code[] {
  const uses = new Map<Local, number>();
  countUses(code, uses);
  return inlineIn(code, uses);
}

function inlineIn(code: readonly Code[], uses: ReadonlyMap<Local, number>): Code[] {
  const pending = new Map<Local, Value>();
  const done: Code[] = [];
  /** Defines what has not been used yet before something that must not come first. */
  const flush = (isAffected: (value: Value) => boolean): void => {
    for (const [local, value] of pending) {
      if (!isAffected(value)) continue;
      pending.delete(local);
      done.push({ kind: 'constant', local, value });
    }
  };
  const inserted = (value: Value): Value =>
    mapLocals(value, (local) => {
      const known = pending.get(local);
      pending.delete(local);
      return known;
    });
  for (const one of code) {
    if (one.kind === 'constant' && uses.get(one.local) === 1) {
      pending.set(one.local, inserted(one.value));
      continue;
    }
    if (one.kind === 'loop' || one.kind === 'if') {
      // Inside, a single use may be run many times or never.
      flush(() => true);
      done.push({ ...one, body: inlineIn(one.body, uses) });
      continue;
    }
    const next = mapStatement(one, { value: inserted });
    const written = placeWritten(next);
    if (written !== undefined) flush((value) => mayRead(value, written));
    const changed = localChanged(next);
    if (changed !== undefined) flush((value) => readsLocal(value, changed));
    done.push(next);
  }
  flush(() => true);
  return done;
}

/** The array that is written, and where; nowhere in particular if it is written all over. */
interface Place {
  readonly array: { readonly name: string };
  readonly at: Sum | undefined;
}

function placeWritten(one: Code): Place | undefined {
  if (one.kind === 'store' || one.kind === 'storeInteger') return { array: one.array, at: one.at };
  return one.kind === 'clear' ? { array: one.array, at: undefined } : undefined;
}

function localChanged(one: Code): Local | undefined {
  if (one.kind === 'plus' || one.kind === 'replace') return one.local;
  return one.kind === 'challenge' ? one.maximum : undefined;
}

function countUses(code: readonly Code[], uses: Map<Local, number>): void {
  const count = (value: Value): void => {
    forEachLocal(value, (local) => uses.set(local, (uses.get(local) ?? 0) + 1));
  };
  for (const one of code) {
    // Twice where it is written twice, or where no statement stands into which a value could be moved.
    const times = one.kind === 'if' || one.kind === 'challenge' ? 2 : 1;
    for (let time = 0; time < times; time++) valuesIn(one).forEach(count);
    // A statement of its own reads it.
    if (one.kind === 'across') uses.set(one.vector, Number.NaN);
    countUses(bodyOf(one), uses);
  }
}

function forEachLocal(value: Value, visit: (local: Local) => void): void {
  if (value.kind === 'local') visit(value.local);
  // A function's text may name its argument several times.
  const isRepeated = value.kind === 'call';
  for (const child of partsOf(value)) {
    forEachLocal(child, visit);
    if (isRepeated) forEachLocal(child, visit);
  }
}

function mayRead(value: Value, place: Place): boolean {
  const isSame = value.kind === 'load' && value.array.name === place.array.name && !areApart(value.at, place.at);
  return isSame || partsOf(value).some((one) => mayRead(one, place));
}

/** Whether two addresses differ whatever the variables are. */
function areApart(a: Sum, b: Sum | undefined): boolean {
  return b !== undefined && a.constant !== b.constant && sameTerms(a, b);
}

function readsLocal(value: Value, local: Local): boolean {
  return (value.kind === 'local' && value.local === local) || partsOf(value).some((one) => readsLocal(one, local));
}

function mapLocals(value: Value, change: (local: Local) => Value | undefined): Value {
  if (value.kind === 'local') return change(value.local) ?? value;
  return mapParts(value, (part) => mapLocals(part, change));
}
