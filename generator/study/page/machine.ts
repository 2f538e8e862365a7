import { functions } from './functions.ts';
import type { PageAffine, PageCondition, PageData, PageEquation, PageExpression, PageRead, PageTensor } from './ir.ts';

type Value = () => number | undefined;

/** What the data of a page counts is in it. */
function known<T>(one: T | undefined): T {
  if (one === undefined) throw new Error('the data of the page names what it does not hold');
  return one;
}

/** Row-major position; undefined outside. */
export function offsetIn(shape: readonly number[], at: readonly number[]): number | undefined {
  let offset = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis] as number;
    const place = at[axis] as number;
    if (place < 0 || place >= size) return undefined;
    offset = offset * size + place;
  }
  return offset;
}

/** The coordinates of a row-major position. */
export function coordinatesIn(shape: readonly number[], offset: number): number[] {
  const at: number[] = [];
  let rest = offset;
  for (const size of [...shape].reverse()) {
    at.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return at;
}

/** Numbers in [0, 1) as emitted modules draw them (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Runs the equations of a network naively, and keeps every number. */
export class Machine {
  readonly data: PageData;
  /** By tensor; a view shares the numbers of its store. */
  readonly numbers: readonly Float64Array[];
  readonly #place: Int32Array;
  readonly #compiled: (() => void)[];

  constructor(data: PageData) {
    this.data = data;
    const sizeOf = (shape: readonly number[]): number => shape.reduce((all, size) => all * size, 1);
    // Outside of batches a mask leaves nothing out.
    const own = data.tensors.map(({ shape, role }) => new Float64Array(sizeOf(shape)).fill(role === 'mask' ? 1 : 0));
    this.numbers = data.tensors.map(({ store }) => known(own[store]));
    this.#place = new Int32Array(data.indices.length);
    this.#compiled = data.equations.map((one) => this.#compile(one));
  }

  tensor(position: number): PageTensor {
    return known(this.data.tensors[position]);
  }

  numbersOf(tensor: number): Float64Array {
    return known(this.numbers[tensor]);
  }

  valueAt(tensor: number, offset: number): number {
    return known(this.numbersOf(tensor)[offset]);
  }

  #sizeOf(index: number): number {
    return known(this.data.indices[index]).size;
  }

  initialize(seed: number): void {
    const random = randomFrom(seed);
    for (const { tensor, initial } of this.data.parameters) {
      const numbers = this.numbersOf(tensor);
      if (initial.kind === 'constant') numbers.fill(initial.value);
      else for (let n = 0; n < numbers.length; n++) numbers[n] = initial.limit * (2 * random() - 1);
    }
  }

  /** All parameters one after the other, as an emitted module has them. */
  get parameters(): Float64Array {
    const all = this.data.parameters.flatMap(({ tensor }) => [...this.numbersOf(tensor)]);
    return Float64Array.from(all);
  }

  set parameters(values: ArrayLike<number>) {
    let from = 0;
    for (const { tensor } of this.data.parameters) {
      const numbers = this.numbersOf(tensor);
      for (let n = 0; n < numbers.length; n++) numbers[n] = values[from + n] as number;
      from += numbers.length;
    }
  }

  /** Computes the first `count` equations, by default all. */
  run(count: number = this.#compiled.length): void {
    const { equations, given } = this.data;
    for (const { target } of equations) {
      const { store } = this.tensor(target);
      if (store !== given) this.numbersOf(store).fill(0);
    }
    for (const compute of this.#compiled.slice(0, count)) compute();
  }

  /** The loss with what the tensors hold now; 0 where there is none. */
  lossNow(): number {
    const { equations, loss } = this.data;
    this.run(equations.filter(({ pass }) => pass !== 'backward').length);
    return loss === null ? 0 : this.valueAt(loss, 0);
  }

  /** Visits the places of an equation that hit an element: only those if `offset` is given. The place is set meanwhile. */
  forEachPlace({ target, at, over }: PageEquation, offset: number | undefined, visit: (offset: number) => void): void {
    const { shape } = this.tensor(target);
    const wanted = offset === undefined ? undefined : coordinatesIn(shape, offset);
    const free = over.filter((one) => {
      const axis = at.findIndex(
        (affine) => affine.length === 3 && affine[0] === 0 && affine[1] === one && affine[2] === 1,
      );
      const place = wanted?.[axis];
      if (place === undefined) return true;
      this.#place[one] = place;
      return place >= this.#sizeOf(one);
    });
    this.#loop(free, () => {
      const hit = offsetIn(
        shape,
        at.map((affine) => this.at(affine)),
      );
      if (hit !== undefined && (offset === undefined || hit === offset)) visit(hit);
    });
  }

  /** A coordinate at the current place. */
  at(affine: PageAffine): number {
    let value = affine[0] as number;
    for (let n = 1; n < affine.length; n += 2)
      value += (affine[n + 1] as number) * (this.#place[affine[n] as number] as number);
    return value;
  }

  /** The element that a read meets at the current place; undefined outside. */
  elementAt({ tensor, at }: PageRead): number | undefined {
    return offsetIn(
      this.tensor(tensor).shape,
      at.map((affine) => this.at(affine)),
    );
  }

  loop(over: readonly number[], body: () => void): void {
    this.#loop(over, body);
  }

  #loop(over: readonly number[], body: () => void): void {
    const descend = (depth: number): void => {
      const one = over[depth];
      if (one === undefined) {
        body();
        return;
      }
      const size = this.#sizeOf(one);
      for (let n = 0; n < size; n++) {
        this.#place[one] = n;
        descend(depth + 1);
      }
    };
    descend(0);
  }

  #compile(one: PageEquation): () => void {
    const value = this.#value(one.value);
    const numbers = this.numbersOf(one.target);
    return () =>
      this.forEachPlace(one, undefined, (offset) => {
        numbers[offset] = (numbers[offset] as number) + (value() ?? 0);
      });
  }

  #value(e: PageExpression): Value {
    switch (e.kind) {
      case 'number':
        return () => e.value;
      case 'read':
        return this.#read(e);
      case 'plus': {
        const terms = e.terms.map((term) => this.#value(term));
        return () => total(terms.map((term) => term()));
      }
      case 'times':
        return productValue(e.factors.map((factor) => this.#value(factor)));
      case 'divide':
        return quotientValue(this.#value(e.dividend), this.#value(e.divisor));
      case 'call':
        return appliedValue(functions[e.name], this.#value(e.argument));
      case 'where': {
        const [test, yes, no] = [this.#test(e.condition), this.#value(e.yes), this.#value(e.no)];
        return () => (test() ? yes() : no());
      }
      case 'count':
        return () => this.count(e);
      case 'sum':
      case 'max':
      case 'argmax':
      case 'logSumExp':
        return this.#reduce(e, this.#value(e.body));
    }
  }

  #read(e: PageRead): Value {
    const numbers = this.numbersOf(e.tensor);
    return () => {
      const offset = this.elementAt(e);
      return offset === undefined ? undefined : numbers[offset];
    };
  }

  count({ over, inside }: Extract<PageExpression, { kind: 'count' }>): number {
    let places = 0;
    this.#loop(over, () => {
      if (inside.every(({ at, size }) => this.at(at) >= 0 && this.at(at) < size)) places++;
    });
    return places;
  }

  #reduce({ kind, over }: Extract<PageExpression, { over: readonly number[]; body: unknown }>, body: Value): Value {
    return () => {
      const found: (number | undefined)[] = [];
      this.#loop(over, () => found.push(body()));
      if (kind === 'sum') return total(found);
      const known = found.filter((value) => value !== undefined);
      const largest = Math.max(...known);
      if (kind === 'max') return largest;
      if (kind === 'argmax') return found.indexOf(largest);
      return largest + Math.log(known.reduce((sum, value) => sum + Math.exp(value - largest), 0));
    };
  }

  #test(condition: PageCondition): () => boolean {
    switch (condition.kind) {
      case 'within':
        return () => {
          const at = this.at(condition.coordinate.at);
          return at >= 0 && at < condition.coordinate.size;
        };
      case 'winner': {
        const winner = this.#value(condition.winner);
        return () =>
          winner() ===
          offsetIn(
            condition.sizes,
            condition.at.map((one) => this.at(one)),
          );
      }
      case 'compare': {
        const [left, right] = [this.#value(condition.left), this.#value(condition.right)];
        return () => {
          const [a, b] = [left(), right()];
          if (a === undefined || b === undefined) return false;
          return compares(condition.sign, a, b);
        };
      }
    }
  }
}

/** Whether two numbers compare so. */
export function compares(sign: string, a: number, b: number): boolean {
  if (sign === '>') return a > b;
  if (sign === '<') return a < b;
  return sign === '=' ? a === b : a !== b;
}

// What lies outside of a tensor makes a product, a quotient and a function of it nothing as well.

function productValue(factors: readonly Value[]): Value {
  return () => {
    let product = 1;
    for (const factor of factors) {
      const value = factor();
      if (value === undefined) return undefined;
      product *= value;
    }
    return product;
  };
}

function quotientValue(above: Value, below: Value): Value {
  return () => {
    const [a, b] = [above(), below()];
    return a === undefined || b === undefined ? undefined : a / b;
  };
}

function appliedValue(f: (u: number) => number, argument: Value): Value {
  return () => {
    const u = argument();
    return u === undefined ? undefined : f(u);
  };
}

function total(values: readonly (number | undefined)[]): number | undefined {
  let sum: number | undefined;
  for (const value of values) if (value !== undefined) sum = (sum ?? 0) + value;
  return sum;
}
