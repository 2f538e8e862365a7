import { askedIn, type Code, type Int, type Local, partsOf, type Test, type Value, type Variable } from './kernel.ts';

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
    const known = new Set(outer);
    for (const one of code) {
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
    switch (one.kind) {
      case 'loop':
        this.#int(one.from, known);
        this.#int(one.to, known);
        return;
      case 'integer':
      case 'counter':
        this.#int(one.value, known);
        return;
      case 'constant':
      case 'mutable':
        this.#value(one.value, known);
        return;
      case 'plus':
      case 'replace':
        this.#name(one.local, known);
        this.#value(one.value, known);
        return;
      case 'across':
        this.#name(one.vector, known);
        return;
      case 'challenge':
        this.#name(one.maximum, known);
        this.#value(one.candidate, known);
        if (one.place) this.#int(one.place.value, known);
        return;
      case 'tournament':
        for (const { value } of one.candidates) this.#value(value, known);
        return;
      case 'store':
        this.#int(one.at, known);
        this.#value(one.value, known);
        return;
      case 'storeInteger':
        this.#int(one.at, known);
        this.#int(one.value, known);
        return;
      case 'if':
        this.#test(one.test, known);
        return;
      case 'clear':
      case 'remark':
        return;
    }
  }

  #name(one: Local | Variable, known: Known): void {
    if (!known.has(one)) this.faults.push(`${one.name} is read before it is defined`);
  }

  #value(value: Value, known: Known): void {
    if (value.kind === 'local') this.#name(value.local, known);
    if (value.kind === 'load') this.#int(value.at, known);
    if (value.kind === 'fromInt') this.#int(value.value, known);
    if (value.kind === 'select') this.#test(value.test, known);
    for (const part of partsOf(value)) this.#value(part, known);
  }

  #test(test: Test, known: Known): void {
    for (const value of askedIn(test)) this.#value(value, known);
    if (test.kind === 'every') for (const one of test.of) this.#test(one, known);
    if (test.kind === 'within') this.#int(test.value, known);
    if (test.kind === 'equal') for (const side of [test.left, test.right]) this.#int(side, known);
  }

  #int(value: Int, known: Known): void {
    switch (value.kind) {
      case 'sum':
        for (const variable of value.terms.keys()) this.#name(variable, known);
        return;
      case 'least':
      case 'greatest':
        for (const one of value.of) this.#int(one, known);
        return;
      case 'floor':
      case 'ceiling':
        this.#int(value.dividend, known);
        return;
      case 'between':
        this.#int(value.from, known);
        this.#int(value.to, known);
        return;
      case 'load':
        this.#int(value.at, known);
        return;
      case 'splat':
        this.#int(value.of, known);
        return;
      case 'digit':
        this.#name(value.number, known);
        return;
    }
  }
}

/** What a statement gives a name to, for those that follow in its block. */
function definedBy(one: Code): readonly (Local | Variable)[] {
  if (one.kind === 'integer' || one.kind === 'counter') return [one.variable];
  if (one.kind === 'constant' || one.kind === 'mutable' || one.kind === 'across') return [one.local];
  return one.kind === 'tournament' ? [one.maximum, ...(one.winner ? [one.winner] : [])] : [];
}
