import { type Code, type Int, type Local, type Store, sumOf, type Value, type Variable } from '../../code/code.ts';
import type { Tensor } from '../../equations/tensor.ts';
import type { Memory } from '../../schedule/loops/memory.ts';
import { lanes } from '../../schedule/loops/vectorPolicy.ts';
import type { HelperName } from '../wasmFunction.ts';
import { WatIntegers } from './watIntegers.ts';
import { WatLines } from './watLines.ts';
import { WatLoops } from './watLoops.ts';
import { isWide, WatNames } from './watNames.ts';
import { WatValues } from './watValues.ts';

/** Prints one function's loops as WebAssembly text: numbers in f32, four at once in v128, as the code says. */
export class WatFunction {
  readonly #lengths: ReadonlyMap<Tensor, number>;
  readonly #lines = new WatLines();
  readonly #names = new WatNames();
  readonly #integers: WatIntegers;
  readonly #values: WatValues;
  readonly #loops: WatLoops;
  /** Fixed numbers that locals hold from the outermost code on. */
  readonly #known = new Set<string>();

  /** @param from an array whose place in memory the function is called with, `$from` */
  constructor({ offsets, lengths }: Pick<Memory, 'offsets' | 'lengths'>, isRelaxed: boolean, from?: Tensor) {
    this.#lengths = lengths;
    this.#integers = new WatIntegers(this.#names, offsets, from);
    this.#values = new WatValues(this.#names, this.#integers, isRelaxed);
    this.#loops = new WatLoops(this.#lines, this.#names, this.#integers);
  }

  get lines(): readonly string[] {
    return this.#lines.lines;
  }

  get helpers(): ReadonlySet<HelperName> {
    return this.#values.helpers;
  }

  get declarations(): string[] {
    return this.#names.declarations;
  }

  remark(line: string): void {
    this.#line(`;; ${line}`);
  }

  print(code: readonly Code[]): void {
    for (const one of code) this.#print(one);
  }

  #line(text: string): void {
    this.#lines.add(text);
  }

  #print(one: Code): void {
    switch (one.kind) {
      case 'loop':
      case 'if':
      case 'row':
        this.#block(one);
        return;
      case 'integer':
      case 'counter':
        this.#setInteger(one.variable, one.value);
        return;
      case 'constant':
      case 'mutable':
      case 'replace':
        if (one.kind !== 'constant' || !this.#isFixed(one.local)) this.#set(one.local, one.value);
        return;
      case 'plus':
        this.#add(one.local, one.value);
        return;
      case 'across':
        this.#addAcross(one.local, one.vector);
        return;
      case 'store':
      case 'storeInteger':
        this.#store(one);
        return;
      case 'clear':
        this.#clear(one.array);
        return;
      case 'remark':
        one.lines.forEach((line) => void this.remark(line));
        return;
      case 'tournament':
        this.#tournament(one);
        return;
      case 'challenge':
        this.#beat(one.maximum, one.candidate, one.place);
    }
  }

  #block(one: Extract<Code, { readonly kind: 'loop' | 'if' | 'row' }>): void {
    if (one.kind === 'row') this.print(one.of);
    else if (one.kind === 'loop') this.#loops.print(one, () => this.print(one.body));
    else {
      this.#line(`(if ${this.#values.test(one.test)} (then`);
      this.#lines.nested(() => this.print(one.body));
      this.#line('))');
    }
  }

  #add(local: Local, value: Value): void {
    const name = this.#names.number(local);
    this.#line(`(local.set ${name} ${this.#values.accumulate(`(local.get ${name})`, value)})`);
  }

  #set(local: Local, value: Value): void {
    this.#line(`(local.set ${this.#names.number(local)} ${this.#values.print(value)})`);
  }

  #setInteger(variable: Variable, value: Int): void {
    this.#line(`(local.set ${this.#names.integer(variable)} ${this.#values.integer(value)})`);
  }

  /** Whether a nest before has left a fixed number in this local; from now on it is there. */
  #isFixed(local: Local): boolean {
    if (!local.isFixed) return false;
    const name = this.#names.number(local);
    const isKnown = this.#known.has(name);
    // What stands in a loop or a condition may not be run.
    if (this.#lines.isOutermost) this.#known.add(name);
    return isKnown;
  }

  #addAcross(local: Local, vector: Local): void {
    const [number, name] = [this.#names.number(local), this.#names.number(vector)];
    const [half, rest] = [`(local.get ${name})`, '8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7'];
    this.#line(`(local.set ${name} (f32x4.add ${half} (i8x16.shuffle ${rest} ${half} ${half})))`);
    this.#line(`(local.set ${number} (f32.add (f32x4.extract_lane 0 ${half}) (f32x4.extract_lane 1 ${half})))`);
  }

  #store(one: Extract<Code, { readonly kind: 'store' | 'storeInteger' }>): void {
    if (one.kind === 'storeInteger') {
      this.#storeIn(one, 'i32', this.#values.integer(one.value));
      return;
    }
    const { array, at, value, isAdded, lanes: width } = one;
    const place: Value = { kind: 'load', array, at, ...(width && { lanes: width }) };
    this.#storeIn(one, 'f32', isAdded ? this.#added(place, one) : this.#values.print(value));
  }

  #storeIn(one: Pick<Store, 'array' | 'at' | 'lanes'>, type: 'f32' | 'i32', value: string): void {
    this.#line(
      isWide(one)
        ? this.#integers.storeVector(one, value)
        : `(${type}.store ${this.#integers.address(one.array, one.at)} ${value})`,
    );
  }

  /** What stands there and a value; some lanes may stay as they are. */
  #added(place: Value, { value, kept = 0 }: Store): string {
    const before = this.#values.print(place);
    if (kept === 0) return this.#values.accumulate(before, value);
    const mask = Array.from({ length: lanes }, (_, lane) => (lane < kept ? '0' : '-1')).join(' ');
    return `(f32x4.add ${before} (v128.and ${this.#values.print(value)} (v128.const i32x4 ${mask})))`;
  }

  #clear(array: Tensor): void {
    const start = `(i32.const ${this.#integers.offsetOf(array)})`;
    this.#line(`(memory.fill ${start} (i32.const 0) (i32.const ${this.#lengths.get(array)}))`);
  }

  #tournament({ maximum, winner, candidates }: Extract<Code, { kind: 'tournament' }>): void {
    const [first, ...others] = candidates;
    if (first === undefined) return;
    const numberOf = (place: number): Int =>
      winner && isWide(winner) ? { kind: 'splat', of: sumOf(place) } : sumOf(place);
    this.#set(maximum, first.value);
    if (winner !== undefined) this.#setInteger(winner, numberOf(first.place));
    let reached = first.place;
    for (const { value, place } of others) {
      const moved = winner && { variable: winner, value: numberOf(place), isLater: place > reached };
      this.#beat(maximum, value, moved);
      reached = Math.max(reached, place);
    }
  }

  /** A maximum and the place of the first that is as large, without branches; NaN becomes the maximum, a later one again. */
  #beat(
    maximum: Local,
    candidate: Value,
    place: { readonly variable: Variable; readonly value: Int; readonly isLater?: boolean } | undefined,
  ): void {
    const isVector = isWide(maximum);
    const name = this.#names.number(maximum);
    const rival = this.#names.number({ ...maximum, name: `${maximum.name}_rival` });
    this.#line(`(local.set ${rival} ${this.#values.print(candidate)})`);
    const [held, challenger] = [`(local.get ${name})`, `(local.get ${rival})`];
    if (place !== undefined) {
      const type = isVector ? 'f32x4' : 'f32';
      const isNone = `(${type}.ne ${challenger} ${challenger})`;
      const won = `(${isVector ? 'v128' : 'i32'}.or (${type}.gt ${challenger} ${held}) ${isNone})`;
      const k = this.#names.integer(place.variable);
      const [before, found] = [`(local.get ${k})`, this.#integers.print(place.value)];
      const chosen = isVector
        ? place.isLater
          ? // A mask of ones or zeros: the place, or 0, which is no later than any.
            `(i32x4.max_s ${before} (v128.and ${won} ${found}))`
          : `(v128.bitselect ${found} ${before} ${won})`
        : `(select ${found} ${before} ${won})`;
      this.#line(`(local.set ${k} ${chosen})`);
    }
    // pmax(a, b) is a where b is NaN. Both orders agree on numbers, and NaN joined with any bits is NaN: f32x4.max for
    // three instructions instead of V8's eight.
    const larger = isVector
      ? `(v128.or (f32x4.pmax ${held} ${challenger}) (f32x4.pmax ${challenger} ${held}))`
      : `(f32.max ${held} ${challenger})`;
    this.#line(`(local.set ${name} ${larger})`);
  }
}
