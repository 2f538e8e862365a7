import type { Code, Int, Local, Value, Variable } from './code.ts';
import {
  integersIn,
  integersOfValue,
  integersWithin,
  partsOf,
  valuesIn,
  valuesOfInteger,
  variablesOf,
} from './parts.ts';

/** What must hold of code: every local and every integer is defined before it is read, and once. */
export function verifyCode(code: readonly Code[]): readonly string[] {
  const checker = new Checker();
  checker.block(code, new Set());
  return checker.faults;
}

type Known = ReadonlySet<Local | Variable>;

class Checker {
  readonly faults: string[] = [];

  block(code: readonly Code[], outer: Known): void {
    this.#statements(code, new Set(outer));
  }

  /** @param known grows by what the statements define */
  #statements(code: readonly Code[], known: Set<Local | Variable>): void {
    for (const one of code) {
      if (one.kind === 'row') this.#statements(one.of, known);
      this.#read(one, known);
      this.#inner(one, known);
      for (const defined of definedBy(one)) {
        if (known.has(defined)) this.faults.push(`${defined.name} is defined twice`);
        known.add(defined);
      }
    }
  }

  #inner(one: Code, known: Known): void {
    if (one.kind === 'if') this.block(one.body, known);
    if (one.kind !== 'loop') return;
    const { variable, pointers = [], body } = one;
    const inside = new Set([...known, variable]);
    for (const pointer of pointers) this.#int(pointer.value, inside);
    this.block(body, new Set([...inside, ...pointers.map((pointer) => pointer.variable)]));
  }

  #read(one: Code, known: Known): void {
    for (const value of integersIn(one)) this.#int(value, known);
    for (const value of valuesIn(one)) this.#value(value, known);
    for (const changed of changedBy(one)) this.#name(changed, known);
  }

  #name(one: Local | Variable, known: Known): void {
    if (!known.has(one)) this.faults.push(`${one.name} is read before it is defined`);
  }

  #value(value: Value, known: Known): void {
    if (value.kind === 'local') this.#name(value.local, known);
    for (const one of integersOfValue(value)) this.#int(one, known);
    for (const part of partsOf(value)) this.#value(part, known);
  }

  #int(value: Int, known: Known): void {
    for (const variable of variablesOf(value)) this.#name(variable, known);
    for (const one of valuesOfInteger(value)) this.#value(one, known);
    for (const one of integersWithin(value)) this.#int(one, known);
  }
}

/** What a statement changes, so that it must be there. */
function changedBy(one: Code): readonly (Local | Variable)[] {
  if (one.kind === 'plus' || one.kind === 'replace') return [one.local];
  if (one.kind === 'across') return [one.vector];
  return one.kind === 'challenge' ? [one.maximum] : [];
}

/** What a statement gives a name to, for those that follow in its block. */
function definedBy(one: Code): readonly (Local | Variable)[] {
  if (one.kind === 'integer' || one.kind === 'counter') return [one.variable];
  if (one.kind === 'constant' || one.kind === 'mutable' || one.kind === 'across') return [one.local];
  if (one.kind !== 'tournament') return [];
  return [one.maximum, ...new Set([...one.games, ...(one.winner ? [one.winner] : [])])];
}
