import { Refusal } from './refusal.ts';
import { type Scalar, Value } from './value.ts';

/** What arrays share that are views of one memory. */
export interface Memory {
  readonly values: Scalar[];
  /** The line of the program that wrote each place last. */
  readonly writers: Int32Array;
  /** What a value is that stands there, where the memory keeps it otherwise. */
  readonly read?: Conversion;
  /** Told of each place that is written. */
  readonly noteWrite?: (place: number) => void;
}

/** Something that arrays may be views of, as an ArrayBuffer is. */
interface Viewed {
  view(offset: number, length: number): Cells;
}

/** What an array does to a number that is stored in it. */
export type Conversion = (value: Scalar) => Scalar;

/** A typed array of exact numbers: what `Float64Array` and its like are to a translated program. */
export class Cells {
  readonly memory: Memory;
  readonly offset: number;
  readonly length: number;
  readonly convert: Conversion;

  constructor(memory: Memory, offset: number, length: number, convert: Conversion) {
    this.memory = memory;
    this.offset = offset;
    this.length = length;
    this.convert = convert;
  }

  static zeros(length: number, convert: Conversion): Cells {
    if (!Number.isInteger(length) || length < 0) throw new Refusal(`found an array of length ${String(length)}`);
    const memory = { values: new Array<Scalar>(length).fill(0), writers: new Int32Array(length) };
    return new Cells(memory, 0, length, convert);
  }

  static of(values: ArrayLike<Scalar> | Iterable<Scalar>, convert: Conversion): Cells {
    const list = Array.from(values);
    const cells = Cells.zeros(list.length, convert);
    for (const [n, value] of list.entries()) cells.memory.values[n] = convert(value);
    return cells;
  }

  /** The value at a place; every place that is read must exist. */
  get(at: unknown): Scalar {
    return this.#read(this.#place(at, 'reads'));
  }

  put(at: unknown, value: Scalar, line: number): void {
    const place = this.#place(at, 'writes');
    this.#write(place, value);
    this.memory.writers[place] = line;
  }

  /** The line that wrote a place last. */
  writerOf(at: number): number {
    return this.memory.writers[this.offset + at]!;
  }

  #read(place: number): Scalar {
    const { values, read } = this.memory;
    return read === undefined ? values[place]! : read(values[place]!);
  }

  #write(place: number, value: Scalar): void {
    this.memory.values[place] = this.convert(value);
    this.memory.noteWrite?.(place);
  }

  #place(at: unknown, verb: string): number {
    if (typeof at !== 'number' || !Number.isInteger(at)) {
      const found = at instanceof Value ? `a number of the network` : String(at);
      throw new Refusal(`found ${found} as an index, expected an integer`);
    }
    if (at < 0 || at >= this.length) throw new Refusal(`${verb} element ${at} of an array of ${this.length}`);
    return this.offset + at;
  }

  subarray(start = 0, end = this.length): Cells {
    const [from, to] = range(start, end, this.length);
    return new Cells(this.memory, this.offset + from, Math.max(0, to - from), this.convert);
  }

  slice(start = 0, end = this.length): Cells {
    return Cells.of(this.subarray(start, end), this.convert);
  }

  set(values: Iterable<Scalar>, start = 0): void {
    const list = Array.from(values);
    if (start + list.length > this.length) {
      throw new Refusal(`sets ${list.length} elements from ${start} on in an array of ${this.length}`);
    }
    for (const [n, value] of list.entries()) this.#write(this.offset + start + n, value);
  }

  fill(value: Scalar, start = 0, end = this.length): this {
    const [from, to] = range(start, end, this.length);
    for (let n = from; n < to; n++) this.#write(this.offset + n, value);
    return this;
  }

  copyWithin(target: number, start = 0, end = this.length): this {
    const copied = this.slice(start, end);
    const [to] = range(target, this.length, this.length);
    this.set(copied.subarray(0, this.length - to), to);
    return this;
  }

  at(index: number): Scalar | undefined {
    return index < 0 ? this.get(this.length + index) : this.get(index);
  }

  map(apply: (value: Scalar, index: number, cells: Cells) => Scalar): Cells {
    return Cells.of(
      Array.from(this, (value, n) => apply(value, n, this)),
      this.convert,
    );
  }

  forEach(visit: (value: Scalar, index: number, cells: Cells) => void): void {
    for (const [n, value] of [...this].entries()) visit(value, n, this);
  }

  reduce<T>(combine: (total: T, value: Scalar, index: number) => T, start: T): T {
    return Array.from(this).reduce(combine, start);
  }

  *[Symbol.iterator](): IterableIterator<Scalar> {
    for (let n = 0; n < this.length; n++) yield this.#read(this.offset + n);
  }
}

/** Bounds as typed arrays take them: negative ones count from the end, none goes outside. */
function range(start: number, end: number, length: number): [number, number] {
  const clip = (bound: number): number => (bound < 0 ? Math.max(0, length + bound) : Math.min(bound, length));
  return [clip(start), clip(end)];
}

/** Whole numbers wrap as in JavaScript; a number of the network has no whole part that could be exact. */
function wrapping(wrap: (n: number) => number): Conversion {
  return (value) => {
    if (typeof value !== 'number') throw new Refusal('stores a number of the network in an array of integers');
    return wrap(value);
  };
}

const keep: Conversion = (value) => {
  if (typeof value === 'number' || value instanceof Value) return value;
  throw new Refusal(`stores ${String(value)} in an array of numbers`);
};

/** How each kind of typed array stores a number. */
export const conversions = {
  Float64Array: keep,
  // Exact all the same: only in a text whose numbers are meant to be float32 it is known.
  Float32Array: keep,
  Int8Array: wrapping((n) => (n << 24) >> 24),
  Uint8Array: wrapping((n) => n & 0xff),
  Int16Array: wrapping((n) => (n << 16) >> 16),
  Uint16Array: wrapping((n) => n & 0xffff),
  Int32Array: wrapping((n) => n | 0),
  Uint32Array: wrapping((n) => n >>> 0),
} as const satisfies Readonly<Record<string, Conversion>>;

export type ArrayName = keyof typeof conversions;

/** A constructor as the translated program calls it: a length or values. */
export interface CellsConstructor {
  new (source: number | Iterable<Scalar>): Cells;
  from(values: ArrayLike<Scalar> | Iterable<Scalar>): Cells;
  from<T>(values: ArrayLike<T> | Iterable<T>, map: (value: T) => Scalar): Cells;
  of(...values: Scalar[]): Cells;
}

export function cellsConstructor(name: ArrayName): CellsConstructor {
  const convert: Conversion = conversions[name];
  const build = (source: number | ArrayLike<Scalar> | Iterable<Scalar>): Cells =>
    typeof source === 'number' ? Cells.zeros(source, convert) : Cells.of(source, convert);
  // An arrow function cannot follow `new`; what a constructor returns takes the place of `this`.
  function construct(source: number | Iterable<Scalar> | Viewed, offset = 0, length = 0): Cells {
    return typeof source === 'object' && 'view' in source ? source.view(offset, length) : build(source);
  }
  // `value instanceof Float64Array`
  Object.defineProperty(construct, Symbol.hasInstance, {
    value: (value: unknown) => value instanceof Cells && value.convert === convert,
  });
  return Object.assign(construct, {
    from: (values: ArrayLike<Scalar> | Iterable<Scalar>, map?: (value: Scalar) => Scalar) =>
      build(map === undefined ? values : Array.from(values, map)),
    of: (...values: Scalar[]) => build(values),
  }) as unknown as CellsConstructor;
}
