import { askedIn, type Code, type Local, partsOf, type Sum, type Value } from './kernel.ts';

/**
 * Writes a number that is used once where it is used, if nothing is stored in between: code that people read, and the
 * same code for a compiler.
 */
export function inlineSingleUses(code: readonly Code[]): Code[] {
  const summed = foldSums(code);
  const uses = new Map<Local, number>();
  countUses(summed, uses);
  return inlineIn(summed, uses);
}

/** A sum that begins and ends without a loop in between is one expression: `s = 0; s += a; s += b` is `s = a + b`. */
function foldSums(code: readonly Code[]): Code[] {
  const later = new Map<Local, number>();
  countChanges(code, later);
  const open = new Map<Local, Value[]>();
  const done: Code[] = [];
  for (const one of code) {
    if (one.kind === 'loop' || one.kind === 'if') {
      done.push({ ...one, body: foldSums(one.body) });
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
    const left = (later.get(one.local) as number) - 1;
    later.set(one.local, left);
    if (left === 0) {
      const value: Value = terms.length === 1 ? (terms[0] as Value) : { kind: 'plus', terms };
      done.push({ kind: 'constant', local: one.local, value });
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

const isZero = (value: Value): boolean => value.kind === 'number' && value.value === 0;

/** How often each local is added to; one that is changed in another way is left out. */
function countChanges(code: readonly Code[], changes: Map<Local, number>): void {
  for (const one of code) {
    if (one.kind === 'plus') changes.set(one.local, (changes.get(one.local) ?? 0) + 1);
    if (one.kind === 'replace') changes.set(one.local, Number.NaN);
    if (one.kind === 'loop' || one.kind === 'if') countChanges(one.body, changes);
  }
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
    const next = mapValues(one, inserted);
    const written = placeWritten(next);
    if (written !== undefined) flush((value) => mayRead(value, written));
    const changed = localChanged(next);
    if (changed !== undefined) flush((value) => readsLocal(value, changed));
    done.push(next);
  }
  flush(() => true);
  return done;
}

function mapValues(one: Code, change: (value: Value) => Value): Code {
  switch (one.kind) {
    case 'constant':
    case 'mutable':
    case 'plus':
    case 'replace':
    case 'store':
      return { ...one, value: change(one.value) };
    case 'tournament':
      return { ...one, candidates: one.candidates.map(({ value, place }) => ({ value: change(value), place })) };
    default:
      return one;
  }
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
    switch (one.kind) {
      case 'loop':
        countUses(one.body, uses);
        break;
      case 'if':
        // Twice: a test stands outside of any statement into which a value could be moved.
        for (const value of [...askedIn(one.test), ...askedIn(one.test)]) count(value);
        countUses(one.body, uses);
        break;
      case 'constant':
      case 'mutable':
      case 'plus':
      case 'replace':
      case 'store':
        count(one.value);
        break;
      case 'across':
        // A statement of its own reads it.
        uses.set(one.vector, Number.NaN);
        break;
      case 'challenge':
        // It is written twice.
        count(one.candidate);
        count(one.candidate);
        break;
      case 'tournament':
        for (const { value } of one.candidates) count(value);
        break;
      default:
        break;
    }
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
  if (b === undefined || a.terms.size !== b.terms.size) return false;
  return a.constant !== b.constant && [...a.terms].every(([variable, factor]) => b.terms.get(variable) === factor);
}

function readsLocal(value: Value, local: Local): boolean {
  return (value.kind === 'local' && value.local === local) || partsOf(value).some((one) => readsLocal(one, local));
}

function mapLocals(value: Value, change: (local: Local) => Value | undefined): Value {
  const recur = (child: Value): Value => mapLocals(child, change);
  switch (value.kind) {
    case 'local':
      return change(value.local) ?? value;
    case 'plus':
      return { ...value, terms: value.terms.map(recur) };
    case 'times':
      return { ...value, factors: value.factors.map(recur) };
    case 'divide':
      return { ...value, dividend: recur(value.dividend), divisor: recur(value.divisor) };
    case 'call':
      return { ...value, argument: recur(value.argument) };
    case 'select': {
      const { test } = value;
      const tested = test.kind === 'compare' ? { ...test, left: recur(test.left), right: recur(test.right) } : test;
      return { ...value, test: tested, yes: recur(value.yes), no: recur(value.no) };
    }
    default:
      return value;
  }
}
