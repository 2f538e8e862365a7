import { Cells, type Conversion } from '../cells.ts';
import { Refusal } from '../refusal.ts';
import type { Value } from '../value.ts';
import type { Lane } from './lanes.ts';
import type { MappedArray, MemoryMap } from './memoryMap.ts';
import type { Site } from './sites.ts';

/** An instruction that touches a place that it must not. */
export class MemoryFault extends Refusal {
  override name = 'MemoryFault';
}

interface Conversions {
  /** A word as a number of float32. */
  readonly read: Conversion;
  readonly write: Conversion;
}

/** Bits of no number, which stand for what is in a border that nothing wrote since the sample began. */
export const unknown = 0x7fc0d0d0;

const bytesPerPage = 65_536;
const nowhere = -1;

/**
 * A module's memory, a word of four bytes at a time, with a shadow that knows of every word which array it is in and
 * whether something wrote it.
 *
 * An instruction may touch the places of one array, in a border only as the border is meant, and read what was written
 * since the sample began, by the module or by its host; what nothing wrote in a border for dropped lanes is
 * unknown, and so is what is computed from it. Parameters, gradients and moments keep what they hold.
 */
export class ExactMemory {
  readonly values: Lane<Value>[];
  /** The instruction that wrote each word last, from 1 on. */
  readonly writers: Int32Array;
  readonly byteLength: number;
  readonly #sites: readonly Site[];
  readonly #map: MemoryMap;
  readonly #conversions: Conversions;
  readonly #arrayOf: Int32Array;
  /** By array, a number for its group. */
  readonly #groups: readonly number[];
  readonly #isWritten: Uint8Array;
  readonly #isKept: Uint8Array;
  /** The group that each instruction touched first. */
  readonly #touched: Int32Array;

  constructor(pages: number, sites: readonly Site[], map: MemoryMap, conversions: Conversions) {
    const words = (pages * bytesPerPage) / 4;
    this.byteLength = pages * bytesPerPage;
    this.#sites = sites;
    this.#map = map;
    this.#conversions = conversions;
    this.values = new Array<Lane<Value>>(words).fill(0);
    this.writers = new Int32Array(words);
    this.#isWritten = new Uint8Array(words);
    this.#isKept = new Uint8Array(words);
    this.#touched = new Int32Array(sites.length).fill(nowhere);
    this.#arrayOf = new Int32Array(words).fill(nowhere);
    const groups = [...new Set(map.arrays.map(({ group }) => group))];
    this.#groups = map.arrays.map(({ group }) => groups.indexOf(group));
    for (const [n, { start, length, isKept }] of map.arrays.entries()) {
      this.#arrayOf.fill(n, start, start + length);
      if (isKept) this.#isKept.fill(1, start, start + length);
    }
    this.forget();
  }

  /** A sample begins: what earlier ones left behind may not be read. */
  forget(): void {
    this.#isWritten.set(this.#isKept);
  }

  load(site: number, address: number): Lane<Value> {
    const word = this.#word(site, address);
    if (this.#isWritten[word] !== 0) return this.values[word]!;
    // What is computed from it is no number either, and may be dropped there again; anyone who uses it is refused.
    if (this.#isDropped(word)) return unknown;
    this.#expectBorder(site, word);
    return this.values[word]!;
  }

  store(site: number, address: number, value: Lane<Value>): void {
    const word = this.#word(site, address);
    if (value !== 0) this.#expectNoZeros(site, word);
    this.#write(word, value, site);
  }

  fill(site: number, address: number, value: number, bytes: number): void {
    if ((value & 0xff) !== 0 || bytes % 4 !== 0) this.#fault(site, `fills ${bytes} bytes with ${value}`);
    for (let n = 0; n < bytes; n += 4) this.store(site, address + n, 0);
  }

  copy(site: number, to: number, from: number, bytes: number): void {
    if (bytes % 4 !== 0) this.#fault(site, `copies ${bytes} bytes`);
    const values: Lane<Value>[] = [];
    for (let n = 0; n < bytes; n += 4) {
      const word = this.#wordAt(site, from + n);
      if (this.#isWritten[word] === 0) this.#expectBorder(site, word);
      values.push(this.values[word]!);
    }
    for (const [n, value] of values.entries()) this.store(site, to + 4 * n, value);
  }

  /** Numbers of the memory as the host sees them: `new Float32Array(buffer, offset, length)`. */
  view(offset: number, length: number): Cells {
    if (offset % 4 !== 0 || offset / 4 + length > this.values.length) {
      throw new Refusal(`makes an array of ${length} numbers at byte ${offset} of a memory of ${this.byteLength}`);
    }
    const { read, write } = this.#conversions;
    const words = {
      values: this.values,
      writers: this.writers,
      read,
      noteWrite: (word: number) => {
        this.#isWritten[word] = 1;
      },
    };
    return new Cells(words, offset / 4, length, write);
  }

  /** `z1[0,3,2]`, for a word of memory. */
  nameOf(word: number): string {
    const array = this.#map.arrays[this.#arrayOf[word] ?? nowhere];
    return array === undefined ? `byte ${4 * word}, which is in no array` : placeIn(array, word - array.start);
  }

  /** The function and the byte of an instruction. */
  placeOf(site: number): string {
    const { function: position, at } = this.#sites[site]!;
    return `${this.#map.functions[position]?.name ?? `function ${position}`}, byte ${at}`;
  }

  /** What the function of an instruction computes. */
  equationsAt(site: number): readonly string[] {
    return this.#map.functions[this.#sites[site]!.function]?.equations ?? [];
  }

  #write(word: number, value: Lane<Value>, site: number): void {
    this.values[word] = value;
    this.writers[word] = site + 1;
    this.#isWritten[word] = 1;
  }

  /** The word at an address that an instruction may touch. */
  #word(site: number, address: number): number {
    const word = this.#wordAt(site, address);
    const group = this.#groups[this.#arrayOf[word]!]!;
    const before = this.#touched[site];
    if (before === group) return word;
    if (before !== nowhere) {
      const other = this.#map.arrays[this.#groups.indexOf(before!)]!.name;
      this.#fault(site, `touches ${this.nameOf(word)}, where at other times it touches ${other}`);
    }
    this.#touched[site] = group;
    return word;
  }

  #wordAt(site: number, address: number): number {
    const word = address / 4;
    if (!Number.isInteger(word)) this.#fault(site, `touches byte ${address}, which is no number's first`);
    if (word < 0 || word >= this.values.length) this.#fault(site, `touches byte ${address} of ${this.byteLength}`);
    if (this.#arrayOf[word] === nowhere) this.#fault(site, `touches ${this.nameOf(word)}`);
    return word;
  }

  /** Whether a place is in a border where lanes that nothing needs are dropped. */
  #isDropped(word: number): boolean {
    const { isInside, border, start } = this.#map.arrays[this.#arrayOf[word]!]!;
    return border === 'dropped' && isInside![word - start] === 0;
  }

  /** What nothing wrote is 0 where it is a border that is there to be read, or no equation gives it a value. */
  #expectBorder(site: number, word: number): void {
    const { isInside, isEmpty, mayBeEmpty, border, start } = this.#map.arrays[this.#arrayOf[word]!]!;
    if (border === 'zeros' && isInside![word - start] === 0) return;
    // Once written it is none of these: in a second round every place is asked about that the first one wrote later.
    if ((isEmpty?.[word - start] === 1 || mayBeEmpty) && this.writers[word] === 0) return;
    this.#fault(site, `reads ${this.nameOf(word)}, which nothing wrote`);
  }

  #expectNoZeros(site: number, word: number): void {
    const { isInside, border, start } = this.#map.arrays[this.#arrayOf[word]!]!;
    if (border !== 'zeros' || isInside![word - start] === 1) return;
    this.#fault(site, `writes ${this.nameOf(word)}, which is there to be 0`);
  }

  #fault(site: number, what: string): never {
    const equations = this.equationsAt(site);
    const about = equations.length === 0 ? '' : `, for ${quoted(equations)}`;
    throw new MemoryFault(`${this.placeOf(site)}: ${this.#sites[site]!.name} ${what}${about}`);
  }
}

/** The first of several equations, and how many more there are. */
export function quoted(equations: readonly string[]): string {
  const more = equations.length > 2 ? ` and ${equations.length - 2} more` : '';
  return (
    equations
      .slice(0, 2)
      .map((one) => `\`${one}\``)
      .join(', ') + more
  );
}

export function placeIn({ name, shape, strides, first, isInside }: MappedArray, at: number): string {
  let rest = at - first;
  if (isInside !== undefined && isInside[at] === 0) return `the border of ${name}`;
  const coordinates = shape.map((_, axis) => {
    const coordinate = Math.floor(rest / strides[axis]!);
    rest -= coordinate * strides[axis]!;
    return coordinate;
  });
  return coordinates.length === 0 ? name : `${name}[${coordinates.join(',')}]`;
}
