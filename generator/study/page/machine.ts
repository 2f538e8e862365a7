import { functions } from './functions.ts';
import type { PageAffine, PageCondition, PageData, PageEquation, PageExpression, PageRead } from './ir.ts';

type Value = () => number | undefined;

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
    this.numbers = data.tensors.map(({ store }) => own[store] as Float64Array);
    this.#place = new Int32Array(data.indices.length);
    this.#compiled = data.equations.map((one) => this.#compile(one));
  }

  initialize(seed: number): void {
    const random = randomFrom(seed);
    for (const { tensor, initial } of this.data.parameters) {
      const numbers = this.numbers[tensor] as Float64Array;
      if (initial.kind === 'constant') numbers.fill(initial.value);
      else for (let n = 0; n < numbers.length; n++) numbers[n] = initial.limit * (2 * random() - 1);
    }
  }

  /** All parameters one after the other, as an emitted module has them. */
  get parameters(): Float64Array {
    const all = this.data.parameters.flatMap(({ tensor }) => [...(this.numbers[tensor] as Float64Array)]);
    return Float64Array.from(all);
  }

  set parameters(values: ArrayLike<number>) {
    let from = 0;
    for (const { tensor } of this.data.parameters) {
      const numbers = this.numbers[tensor] as Float64Array;
      for (let n = 0; n < numbers.length; n++) numbers[n] = values[from + n] as number;
      from += numbers.length;
    }
  }

  /** Computes the first `count` equations, by default all. */
  run(count: number = this.#compiled.length): void {
    const { equations, tensors, given } = this.data;
    for (const { target } of equations) {
      const store = (tensors[target] as { store: number }).store;
      if (store !== given) (this.numbers[store] as Float64Array).fill(0);
    }
    for (let n = 0; n < count; n++) (this.#compiled[n] as () => void)();
  }

  /** The loss with what the tensors hold now; 0 where there is none. */
  lossNow(): number {
    const { equations, loss } = this.data;
    this.run(equations.filter(({ pass }) => pass !== 'backward').length);
    return loss === null ? 0 : ((this.numbers[loss] as Float64Array)[0] as number);
  }

  /** Visits the places of an equation that hit an element: only those if `offset` is given. The place is set meanwhile. */
  forEachPlace({ target, at, over }: PageEquation, offset: number | undefined, visit: (offset: number) => void): void {
    const { tensors, indices } = this.data;
    const { shape } = tensors[target] as { shape: readonly number[] };
    const wanted = offset === undefined ? undefined : coordinatesIn(shape, offset);
    const free = over.filter((one) => {
      const axis = at.findIndex(
        (affine) => affine.length === 3 && affine[0] === 0 && affine[1] === one && affine[2] === 1,
      );
      if (wanted === undefined || axis < 0) return true;
      this.#place[one] = wanted[axis] as number;
      return (wanted[axis] as number) >= (indices[one] as { size: number }).size;
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
      (this.data.tensors[tensor] as { shape: readonly number[] }).shape,
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
      const { size } = this.data.indices[one] as { size: number };
      for (let n = 0; n < size; n++) {
        this.#place[one] = n;
        descend(depth + 1);
      }
    };
    descend(0);
  }

  #compile(one: PageEquation): () => void {
    const value = this.#value(one.value);
    const numbers = this.numbers[one.target] as Float64Array;
    return () =>
      this.forEachPlace(one, undefined, (offset) => {
        numbers[offset] = (numbers[offset] as number) + (value() ?? 0);
      });
  }

  #value(e: PageExpression): Value {
    switch (e.kind) {
      case 'number':
        return () => e.value;
      case 'read': {
        const numbers = this.numbers[e.tensor] as Float64Array;
        return () => {
          const offset = this.elementAt(e);
          return offset === undefined ? undefined : numbers[offset];
        };
      }
      case 'plus': {
        const terms = e.terms.map((term) => this.#value(term));
        return () => total(terms.map((term) => term()));
      }
      case 'times': {
        const factors = e.factors.map((factor) => this.#value(factor));
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
      case 'divide': {
        const [above, below] = [this.#value(e.dividend), this.#value(e.divisor)];
        return () => {
          const [a, b] = [above(), below()];
          return a === undefined || b === undefined ? undefined : a / b;
        };
      }
      case 'call': {
        const [f, argument] = [functions[e.name], this.#value(e.argument)];
        return () => {
          const u = argument();
          return u === undefined ? undefined : f(u);
        };
      }
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

function total(values: readonly (number | undefined)[]): number | undefined {
  let sum: number | undefined;
  for (const value of values) if (value !== undefined) sum = (sum ?? 0) + value;
  return sum;
}
