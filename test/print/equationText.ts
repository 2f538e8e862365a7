/**
 * Reads printed equations as a reader does, and runs them naively. It knows the notation and nothing of the objects that
 * the lines were printed from.
 */

/** A named array as a reader imagines it. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

export type Store = Map<string, Numbers>;

type Indices = ReadonlyMap<string, number>;

interface Coordinate {
  readonly constant: number;
  readonly terms: readonly (readonly [letter: string, factor: number])[];
}

type Term =
  | { readonly kind: 'number'; readonly value: number }
  | {
      readonly kind: 'read';
      readonly name: string;
      readonly shape?: readonly number[];
      readonly at: readonly Coordinate[];
    }
  | { readonly kind: 'plus' | 'times'; readonly parts: readonly Term[] }
  | { readonly kind: 'negate'; readonly part: Term }
  | { readonly kind: 'divide'; readonly above: Term; readonly below: Term }
  | { readonly kind: 'call'; readonly name: string; readonly part: Term }
  | { readonly kind: 'where'; readonly test: Test; readonly yes: Term; readonly no: Term }
  | { readonly kind: 'over'; readonly how: string; readonly letters: readonly string[]; readonly body: Term };

type Test =
  | { readonly kind: 'compare'; readonly sign: string; readonly left: Term; readonly right: Term }
  | { readonly kind: 'winner'; readonly winner: Term; readonly at: Coordinate[] }
  | { readonly kind: 'inside'; readonly at: Coordinate; readonly size: number };

export interface EquationText {
  readonly line: string;
  readonly name: string;
  readonly shape?: readonly number[];
  readonly at: readonly Coordinate[];
  readonly sign: '=' | '+=';
  readonly value: Term;
  /** Letters after `for all`. */
  readonly all: readonly string[];
  /** Sizes after `where`. */
  readonly sizes: ReadonlyMap<string, number>;
}

const functions: Readonly<Record<string, (u: number) => number>> = {
  exp: Math.exp,
  log: Math.log,
  relu: (u) => Math.max(u, 0),
  relu6: (u) => Math.min(Math.max(u, 0), 6),
  elu: (u) => (u > 0 ? u : Math.expm1(u)),
  selu: (u) => 1.0507009873554805 * (u > 0 ? u : 1.6732632423543772 * Math.expm1(u)),
  σ: (u) => 1 / (1 + Math.exp(-u)),
  tanh: Math.tanh,
  atan: Math.atan,
  softplus: (u) => Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u))),
  softsign: (u) => u / (1 + Math.abs(u)),
  hardSigmoid: (u) => Math.min(Math.max(u / 6 + 0.5, 0), 1),
  erf,
  Φ: (u) => (1 + erf(u / Math.SQRT2)) / 2,
  '√': Math.sqrt,
  '|': Math.abs,
  '²': (u) => u * u,
};

/** 2/√π·e^(−u²)·Σ 2ⁿu²ⁿ⁺¹/(1·3·…·(2n + 1)) (Abramowitz and Stegun 7.1.6), no two terms of which cancel. */
function erf(u: number): number {
  if (Math.abs(u) > 6) return Math.sign(u);
  let term = u;
  let sum = u;
  for (let n = 1; n < 200; n++) {
    term *= (2 * u * u) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-u * u) * sum;
}

const token = /\s*(\d+(?:\.\d+)?(?:e[-+]?\d+)?|\p{L}[\p{L}\p{M}\d′]*|\+=|[^\s])/uy;

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  for (let at = 0; at < text.length; at = token.lastIndex) {
    token.lastIndex = at;
    const found = token.exec(text);
    if (found === null) break;
    tokens.push(found[1]!);
  }
  return tokens;
}

class Parser {
  readonly #tokens: readonly string[];
  readonly #text: string;
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  get isDone(): boolean {
    return this.#next >= this.#tokens.length;
  }

  peek(ahead = 0): string {
    return this.#tokens[this.#next + ahead] ?? '';
  }

  take(): string {
    return this.#tokens[this.#next++] ?? '';
  }

  accept(...expected: readonly string[]): boolean {
    if (!expected.every((one, ahead) => this.peek(ahead) === one)) return false;
    this.#next += expected.length;
    return true;
  }

  expect(expected: string): void {
    if (!this.accept(expected))
      throw new Error(`${this.#text}: found ${this.#tokens.slice(this.#next).join(' ')}, expected ${expected}`);
  }

  place(): { name: string; at: Coordinate[]; shape?: number[] } {
    const name = this.take();
    if (!/^\p{L}/u.test(name)) throw new Error(`${this.#text}: found ${name}, expected a name`);
    const shape: number[] = [];
    if (this.accept('‹')) {
      do shape.push(Number(this.take()));
      while (this.accept('×'));
      this.expect('›');
    }
    const at: Coordinate[] = [];
    if (this.accept('[')) {
      do at.push(this.coordinate());
      while (this.accept(','));
      this.expect(']');
    }
    return { name, at, ...(shape.length > 0 && { shape }) };
  }

  coordinate(): Coordinate {
    const terms: [string, number][] = [];
    let constant = 0;
    let sign = this.accept('−') ? -1 : 1;
    do {
      const factor = /^\d/.test(this.peek()) ? Number(this.take()) : 1;
      const isLetter = /^\p{L}/u.test(this.peek());
      if (isLetter) terms.push([this.take(), sign * factor]);
      else constant += sign * factor;
      sign = this.peek() === '−' ? -1 : 1;
    } while (this.accept('+') || this.accept('−'));
    return { constant, terms };
  }

  sum(): Term {
    const parts: Term[] = [];
    let isNegative = this.accept('−');
    do {
      const part = this.product();
      parts.push(isNegative ? { kind: 'negate', part } : part);
      isNegative = this.peek() === '−';
    } while (this.accept('+') || this.accept('−'));
    return parts.length === 1 ? parts[0]! : { kind: 'plus', parts };
  }

  product(): Term {
    let value = this.factor();
    for (;;) {
      if (this.accept('·')) value = { kind: 'times', parts: [value, this.factor()] };
      else if (this.accept('/')) value = { kind: 'divide', above: value, below: this.factor() };
      else return value;
    }
  }

  factor(): Term {
    let value = this.atom();
    while (this.accept('²')) value = { kind: 'call', name: '²', part: value };
    return value;
  }

  atom(): Term {
    const first = this.peek();
    if (/^\d/.test(first)) return { kind: 'number', value: Number(this.take()) };
    if (this.accept('(')) return this.enclosed();
    if (this.accept('[')) {
      const test = this.test();
      this.expect(']');
      return { kind: 'where', test, yes: { kind: 'number', value: 1 }, no: { kind: 'number', value: 0 } };
    }
    if (this.accept('|')) {
      const part = this.sum();
      this.expect('|');
      return { kind: 'call', name: '|', part };
    }
    if (this.accept('√')) return { kind: 'call', name: '√', part: this.atom() };
    if (['Σ', 'max', 'argmax'].includes(first) && this.peek(1) === '_') return this.reduction();
    if (first === 'log' && this.peek(1) === 'Σ') {
      this.take();
      return { kind: 'call', name: 'log', part: this.reduction() };
    }
    if (this.peek(1) === '(' && first in functions) {
      this.take();
      this.take();
      const part = this.sum();
      this.expect(')');
      return { kind: 'call', name: first, part };
    }
    return { kind: 'read', ...this.place() };
  }

  enclosed(): Term {
    const value = this.sum();
    if (this.accept('if')) {
      const test = this.test();
      this.expect('else');
      const no = this.sum();
      this.expect(')');
      return { kind: 'where', test, yes: value, no };
    }
    this.expect(')');
    return value;
  }

  reduction(): Term {
    const how = this.take();
    this.expect('_');
    const letters: string[] = [];
    if (this.accept('{')) {
      do letters.push(this.take());
      while (this.accept(','));
      this.expect('}');
    } else letters.push(this.take());
    return { kind: 'over', how, letters, body: this.product() };
  }

  test(): Test {
    if (this.accept('0', '≤')) {
      const at = this.coordinate();
      this.expect('<');
      return { kind: 'inside', at, size: Number(this.take()) };
    }
    const left = this.sum();
    const sign = this.take();
    if (sign === '=' && this.accept('(')) {
      const at: Coordinate[] = [];
      do at.push(this.coordinate());
      while (this.accept(','));
      this.expect(')');
      return { kind: 'winner', winner: left, at };
    }
    return { kind: 'compare', sign, left, right: this.sum() };
  }
}

/** The equation in a line; throws with the line where it is none. */
export function parseEquation(line: string): EquationText {
  const [formula = '', ...remarks] = line.split(/ {3}(?=for all |where )/);
  const parser = new Parser(formula);
  const left = parser.place();
  const sign = parser.take();
  if (sign !== '=' && sign !== '+=') throw new Error(`${line}: found ${sign}, expected = or +=`);
  const value = parser.sum();
  if (!parser.isDone) throw new Error(`${line}: found ${parser.peek()} after the equation`);
  const all: string[] = [];
  const sizes = new Map<string, number>();
  for (const remark of remarks) {
    if (remark.startsWith('for all ')) all.push(...remark.slice('for all '.length).trim().split(','));
    else
      for (const [, letters, size] of remark.matchAll(/([\p{L}\p{M}\d′,]+) < (\d+)/gu))
        for (const letter of letters!.split(',')) sizes.set(letter, Number(size));
  }
  return { line, ...left, sign, value, all, sizes };
}

/** Runs equations one after the other, each over all its places. */
export class Run {
  readonly store: Store;
  readonly #steps = new Map<string, readonly number[]>();
  readonly #digits = new Map<string, { winner: Term; axis: number }>();
  readonly #counts = new Map<string, { equation: EquationText; letters: string[] }>();
  readonly #defined = new Map<string, Set<number>>();
  #equation!: EquationText;
  #sizes = new Map<string, number>();

  constructor(store: Store) {
    this.store = store;
  }

  /** A note under an equation may say how winners are counted, whose digits stand in it, or what N is. */
  note(text: string): void {
    const counted = /(\S+) counts the places of its window row by row: \(([^)]*)\) is (.*)$/u.exec(text);
    if (counted !== null) {
      const { terms } = new Parser(counted[3]!).coordinate();
      const steps = new Map(terms);
      this.#steps.set(
        counted[1]!,
        counted[2]!.split(',').map((letter) => steps.get(letter) ?? 0),
      );
    }
    const digits = /\(([^)]*)\) is the place of the winner ([^ ]+\[[^\]]*\]|[^ ]+) in its window/u.exec(text);
    if (digits !== null) {
      const winner = new Parser(digits[2]!).sum();
      for (const [axis, name] of digits[1]!.split(',').entries()) this.#digits.set(name, { winner, axis });
    }
    if (/^N\d*\[|^N\d* =/.test(text)) {
      const equation = parseEquation(text);
      this.#counts.set(equation.name, { equation, letters: equation.at.map(({ terms }) => terms[0]?.[0] ?? '') });
    }
  }

  equation(equation: EquationText): void {
    this.#equation = equation;
    this.#sizes = new Map(equation.sizes);
    const target = this.#numbers(equation.name);
    const free = new Set([...equation.at.flatMap(({ terms }) => terms.map(([letter]) => letter)), ...equation.all]);
    for (const letter of free) if (this.#digits.has(letter)) free.delete(letter);
    if (equation.sign === '=' && equation.all.length > 0) throw new Error(`${equation.line}: = for all`);
    const defined = this.#defined.get(equation.name) ?? new Set();
    this.#defined.set(equation.name, defined);
    this.#each([...free], new Map(), (indices) => {
      const offset = this.#offset(equation, target.shape, indices);
      if (offset === undefined) return;
      const value = this.#value(equation.value, indices);
      if (equation.sign === '=') {
        if (defined.has(offset)) throw new Error(`${equation.line}: defines a place twice`);
        defined.add(offset);
        target.values[offset] = value ?? 0;
      } else target.values[offset] += value ?? 0;
    });
  }

  #numbers(name: string): Numbers {
    const found = this.store.get(name);
    if (found === undefined) throw new Error(`${this.#equation.line}: nobody knows ${name}`);
    return found;
  }

  /** How far a letter counts: as `where` says, else as the axis on which it first stands alone, forwards or backwards. */
  #sizeOf(letter: string): number {
    const known = this.#sizes.get(letter);
    if (known !== undefined) return known;
    const { value } = this.#equation;
    const found = this.#axisOf(letter, { kind: 'read', ...this.#equation }) ?? this.#axisOf(letter, value);
    if (found === undefined) throw new Error(`${this.#equation.line}: nothing says how far ${letter} counts`);
    this.#sizes.set(letter, found);
    return found;
  }

  #axisOf(letter: string, term: Term): number | undefined {
    if (term.kind === 'read' && term.at.length > 0 && this.store.has(term.name)) {
      const shape = shapeShown(term, this.#numbers(term.name).shape);
      const found = term.at.findIndex(({ constant, terms }, axis) => {
        if (terms.length !== 1 || terms[0]![0] !== letter) return false;
        // Backwards it ends where the axis begins: [2−p] of an axis of 3.
        return terms[0]![1] === 1 ? constant === 0 : terms[0]![1] === -1 && constant === shape[axis]! - 1;
      });
      if (found >= 0) return shape[found];
    }
    for (const child of childrenOf(term)) {
      const found = this.#axisOf(letter, child);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #each(letters: readonly string[], outer: Indices, visit: (indices: Indices) => void): void {
    const indices = new Map(outer);
    const sizes = letters.map((letter) => this.#sizeOf(letter));
    const descend = (depth: number): void => {
      if (depth === letters.length) visit(indices);
      for (let n = 0; depth < letters.length && n < sizes[depth]!; n++) {
        indices.set(letters[depth]!, n);
        descend(depth + 1);
      }
    };
    descend(0);
  }

  #coordinate({ constant, terms }: Coordinate, indices: Indices): number {
    return terms.reduce((sum, [letter, factor]) => sum + factor * this.#index(letter, indices), constant);
  }

  #index(letter: string, indices: Indices): number {
    const known = indices.get(letter);
    if (known !== undefined) return known;
    const digit = this.#digits.get(letter);
    if (digit === undefined) throw new Error(`${this.#equation.line}: ${letter} has no value`);
    const number = this.#value(digit.winner, indices)!;
    const steps = this.#stepsOf(digit.winner);
    // Row by row: what is left after the axes before, in steps of this axis.
    let rest = number;
    for (const [axis, step] of steps.entries()) {
      const place = step === 0 ? 0 : Math.floor(rest / step);
      if (axis === digit.axis) return place;
      rest -= place * step;
    }
    throw new Error(`${this.#equation.line}: ${letter} has no axis`);
  }

  #stepsOf(winner: Term): readonly number[] {
    const steps = winner.kind === 'read' ? this.#steps.get(winner.name) : undefined;
    if (steps === undefined) throw new Error(`${this.#equation.line}: nothing says how winners are counted`);
    return steps;
  }

  #offset(
    place: { readonly name: string; readonly shape?: readonly number[]; readonly at: readonly Coordinate[] },
    stored: readonly number[],
    indices: Indices,
  ): number | undefined {
    const shape = shapeShown(place, stored);
    if (shape.length !== place.at.length) throw new Error(`${this.#equation.line}: ${place.name} has other axes`);
    let offset = 0;
    for (const [axis, coordinate] of place.at.entries()) {
      const at = this.#coordinate(coordinate, indices);
      if (at < 0 || at >= shape[axis]!) return undefined;
      offset = offset * shape[axis]! + at;
    }
    return offset;
  }

  #value(term: Term, indices: Indices): number | undefined {
    switch (term.kind) {
      case 'number':
        return term.value;
      case 'read': {
        const count = this.#counts.get(term.name);
        if (count !== undefined) return this.#count(count, term.at, indices);
        // The number of a class is compared with an index itself.
        if (term.at.length === 0 && indices.has(term.name)) return indices.get(term.name);
        if (term.at.length === 0 && this.#digits.has(term.name)) return this.#index(term.name, indices);
        const { shape, values } = this.#numbers(term.name);
        const offset = this.#offset(term, shape, indices);
        return offset === undefined ? undefined : values[offset];
      }
      case 'plus': {
        const parts = term.parts.flatMap((part) => this.#value(part, indices) ?? []);
        return parts.length === 0 ? undefined : parts.reduce((sum, part) => sum + part, 0);
      }
      case 'times': {
        const parts = term.parts.map((part) => this.#value(part, indices));
        if (parts.some((part) => part === undefined)) return undefined;
        // A bracket that is 0 drops what it stands beside, also what is no number then.
        if (term.parts.some((part, n) => part.kind === 'where' && parts[n] === 0)) return 0;
        return parts.reduce<number>((product, part) => product * part!, 1);
      }
      case 'negate': {
        const part = this.#value(term.part, indices);
        return part === undefined ? undefined : -part;
      }
      case 'divide': {
        const [above, below] = [this.#value(term.above, indices), this.#value(term.below, indices)];
        return above === undefined || below === undefined ? undefined : above / below;
      }
      case 'call': {
        const part = this.#value(term.part, indices);
        return part === undefined ? undefined : functions[term.name]!(part);
      }
      case 'where':
        return this.#value(this.#holds(term.test, indices) ? term.yes : term.no, indices);
      case 'over':
        return this.#reduce(term, indices);
    }
  }

  #count(
    { equation, letters }: { equation: EquationText; letters: string[] },
    at: readonly Coordinate[],
    indices: Indices,
  ) {
    const [outerEquation, outerSizes] = [this.#equation, this.#sizes];
    const inner = new Map(letters.map((letter, axis) => [letter, this.#coordinate(at[axis]!, indices)]));
    this.#equation = equation;
    this.#sizes = new Map(equation.sizes);
    const value = this.#value(equation.value, inner);
    this.#equation = outerEquation;
    this.#sizes = outerSizes;
    return value;
  }

  #holds(test: Test, indices: Indices): boolean {
    if (test.kind === 'inside') {
      const at = this.#coordinate(test.at, indices);
      return at >= 0 && at < test.size;
    }
    if (test.kind === 'winner') {
      const winner = this.#value(test.winner, indices);
      if (winner === undefined) return false;
      const steps = this.#stepsOf(test.winner);
      const sizes = steps.map((step, axis) => {
        const above = axis === 0 ? Number.POSITIVE_INFINITY : steps.slice(0, axis).findLast((one) => one > 0);
        return step === 0 ? 1 : (above ?? Number.POSITIVE_INFINITY) / step;
      });
      const place = test.at.map((coordinate) => this.#coordinate(coordinate, indices));
      if (place.some((at, axis) => at < 0 || at >= sizes[axis]!)) return false;
      return winner === place.reduce((sum, at, axis) => sum + at * steps[axis]!, 0);
    }
    const [left, right] = [this.#value(test.left, indices), this.#value(test.right, indices)];
    if (left === undefined || right === undefined) return false;
    switch (test.sign) {
      case '>':
        return left > right;
      case '<':
        return left < right;
      case '≠':
        return left !== right;
      default:
        return left === right;
    }
  }

  #reduce({ how, letters, body }: Extract<Term, { kind: 'over' }>, indices: Indices): number | undefined {
    const found: { place: number; value: number }[] = [];
    let place = 0;
    this.#each(letters, indices, (inner) => {
      const value = this.#value(body, inner);
      if (value !== undefined) found.push({ place, value });
      place++;
    });
    if (found.length === 0) return undefined;
    if (how === 'Σ') return found.reduce((sum, { value }) => sum + value, 0);
    const largest = Math.max(...found.map(({ value }) => value));
    return how === 'max' ? largest : found.find(({ value }) => value === largest)!.place;
  }
}

/** The sizes of the axes that are written: all of them, or those that are longer than 1. */
function shapeShown(
  { shape, at }: { readonly shape?: readonly number[]; readonly at: readonly Coordinate[] },
  stored: readonly number[],
): readonly number[] {
  if (shape !== undefined) return shape;
  const long = stored.filter((size) => size !== 1);
  if (at.length === stored.length) return stored;
  if (at.length === long.length) return long;
  return [stored.reduce((product, size) => product * size, 1)];
}

function readInTest(test: Test): readonly Term[] {
  return test.kind === 'compare' ? [test.left, test.right] : test.kind === 'winner' ? [test.winner] : [];
}

function childrenOf(term: Term): readonly Term[] {
  switch (term.kind) {
    case 'number':
    case 'read':
      return [];
    case 'plus':
    case 'times':
      return term.parts;
    case 'negate':
    case 'call':
      return [term.part];
    case 'divide':
      return [term.above, term.below];
    case 'where':
      return [...readInTest(term.test), term.yes, term.no];
    case 'over':
      return [term.body];
  }
}
