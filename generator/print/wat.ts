import type { Tensor } from '../equations/tensor.ts';
import {
  askedIn,
  type Code,
  distance,
  type Int,
  type Local,
  type Loop,
  type Pointer,
  partsOf,
  type Store,
  type Sum,
  sumOf,
  type Test,
  type Value,
  type Variable,
} from '../schedule/loops/kernel.ts';
import type { Memory } from '../schedule/loops/memory.ts';
import { lanes, vectorPolicy } from '../schedule/loops/vectorPolicy.ts';
import { decimal, splat } from './vectorText.ts';
import type { HelperName } from './wasmFunction.ts';
import { vectorCall } from './wasmMath.ts';

/** Bytes of one float32 or int32. */
export const bytesPerElement = 4;

type Type = 'i32' | 'f32' | 'v128';

/** The depth of what no loop and no condition is around. */
const outermost = 2;

/** Prints one function's loops as WebAssembly text: scalars in f32, four lanes at once inside vector loops. */
export class WatFunction {
  readonly lines: string[] = [];
  readonly helpers = new Set<HelperName>();
  readonly #offsets: ReadonlyMap<Tensor, number>;
  readonly #lengths: ReadonlyMap<Tensor, number>;
  readonly #locals = new Map<string, Type>();
  /** Fixed numbers that locals hold from the outermost code on. */
  readonly #known = new Set<string>();
  readonly #isRelaxed: boolean;
  readonly #from: Tensor | undefined;
  /** How many elements a variable moves with the index that fills a vector; absent: not at all. */
  readonly #moves = new Map<Variable, number>();
  /** Variables among them that stand for half a vector: two lanes are loaded and stored. */
  readonly #halves = new Set<Variable>();
  readonly #vectors = new Set<Local | Variable>();
  readonly #signed = new Set<Variable>();
  /** Whether each number that fills a vector has an address of its own, see `vectorPolicy.splatsByOffset`. */
  #addsAddresses = false;
  #depth = outermost;

  /** @param from an array whose place in memory the function is called with, `$from` */
  constructor({ offsets, lengths }: Pick<Memory, 'offsets' | 'lengths'>, isRelaxed: boolean, from?: Tensor) {
    this.#from = from;
    this.#offsets = offsets;
    this.#lengths = lengths;
    this.#isRelaxed = isRelaxed;
  }

  /** `(local $i i32) …` for everything that the code names. */
  get declarations(): string[] {
    return [...this.#locals].map(([name, type]) => `(local $${name} ${type})`);
  }

  remark(line: string): void {
    this.#line(`;; ${line}`);
  }

  print(code: readonly Code[]): void {
    let known = -1;
    while (known !== this.#vectors.size) {
      known = this.#vectors.size;
      this.#findVectors(code);
    }
    const uses = new Map<Local, { asNumber: boolean; asVector: boolean }>();
    this.#noteUses(code, uses);
    this.#widen(code, uses);
    for (const one of code) this.#print(one);
  }

  /** A number that only vectors use fills all four lanes from the beginning. */
  #widen(code: readonly Code[], uses: ReadonlyMap<Local, { asNumber: boolean; asVector: boolean }>): void {
    for (const one of code) {
      if (one.kind === 'loop' || one.kind === 'if') this.#widen(one.body, uses);
      if (one.kind !== 'constant' || (one.value.kind !== 'load' && one.value.kind !== 'number')) continue;
      const use = uses.get(one.local);
      if (use?.asVector && !use.asNumber) this.#vectors.add(one.local);
    }
  }

  #noteUses(code: readonly Code[], uses: Map<Local, { asNumber: boolean; asVector: boolean }>): void {
    const note = (value: Value, isVector: boolean): void => {
      if (value.kind === 'local') {
        const use = uses.get(value.local) ?? { asNumber: false, asVector: false };
        if (isVector) use.asVector = true;
        else use.asNumber = true;
        uses.set(value.local, use);
        return;
      }
      const isWide = isVector && this.#isVector(value);
      for (const child of partsOf(value)) note(child, isWide);
    };
    for (const one of code) {
      if (one.kind === 'loop') this.#noteUses(one.body, uses);
      else if (one.kind === 'if') {
        for (const value of askedIn(one.test)) note(value, false);
        this.#noteUses(one.body, uses);
      } else if (one.kind === 'store') note(one.value, this.#moveOf(one.at) !== 0);
      else if (one.kind === 'tournament') {
        for (const { value } of one.candidates) note(value, this.#vectors.has(one.maximum));
      } else if (one.kind === 'challenge') note(one.candidate, this.#vectors.has(one.maximum));
      else if (one.kind === 'constant' || one.kind === 'mutable' || one.kind === 'plus' || one.kind === 'replace') {
        note(one.value, this.#vectors.has(one.local));
      }
    }
  }

  /** Marks what holds four numbers: whatever is made of something that moves along a vector's index. */
  #findVectors(code: readonly Code[]): void {
    for (const one of code) {
      switch (one.kind) {
        case 'loop':
          if (one.lanes > 1) this.#moves.set(one.variable, 1);
          if (one.lanes === lanes / 2) this.#halves.add(one.variable);
          for (const { variable, value } of one.pointers ?? []) this.#noteMove(variable, value);
          this.#findVectors(one.body);
          break;
        case 'if':
          this.#findVectors(one.body);
          break;
        case 'integer':
          if (one.value.kind === 'sum') this.#noteMove(one.variable, one.value);
          if (one.value.kind === 'load' && this.#moveOf(one.value.at) !== 0) this.#vectors.add(one.variable);
          if (one.value.kind === 'digit' && this.#vectors.has(one.value.number)) this.#vectors.add(one.variable);
          break;
        case 'constant':
        case 'mutable':
        case 'plus':
        case 'replace':
          if (this.#isVector(one.value)) this.#vectors.add(one.local);
          break;
        case 'tournament':
          if (one.candidates.some(({ value }) => this.#isVector(value))) this.#mark(one.maximum, one.winner);
          break;
        case 'challenge':
          if (this.#isVector(one.candidate)) this.#mark(one.maximum, one.place?.variable);
          break;
        case 'across':
        case 'counter':
        case 'store':
        case 'storeInteger':
        case 'clear':
        case 'remark':
          break;
      }
    }
  }

  #mark(maximum: Local, winner: Variable | undefined): void {
    this.#vectors.add(maximum);
    if (winner !== undefined) this.#vectors.add(winner);
  }

  #noteMove(variable: Variable, sum: Sum): void {
    const move = this.#moveOf(sum);
    if (move !== 0) this.#moves.set(variable, move);
    if (this.#isHalf(sum)) this.#halves.add(variable);
    const isSigned = sum.constant < 0 || [...sum.terms].some(([term, factor]) => factor < 0 || this.#signed.has(term));
    if (isSigned) this.#signed.add(variable);
  }

  #moveOf({ terms }: Sum): number {
    let move = 0;
    for (const [variable, coefficient] of terms) move += coefficient * (this.#moves.get(variable) ?? 0);
    return move;
  }

  #isHalf({ terms }: Sum): boolean {
    return [...terms.keys()].some((variable) => this.#halves.has(variable));
  }

  #isVector(value: Value): boolean {
    switch (value.kind) {
      case 'number':
      case 'argument':
      case 'fromInt':
        return false;
      case 'local':
        return this.#vectors.has(value.local);
      case 'load':
        return this.#moveOf(value.at) !== 0;
      case 'plus':
        return value.terms.some((term) => this.#isVector(term));
      case 'times':
        return value.factors.some((factor) => this.#isVector(factor));
      case 'divide':
        return this.#isVector(value.dividend) || this.#isVector(value.divisor);
      case 'call':
        return this.#isVector(value.argument);
      case 'select':
        return this.#isVector(value.yes) || this.#isVector(value.no) || this.#isVectorTest(value.test);
    }
  }

  #isVectorTest(test: Test): boolean {
    switch (test.kind) {
      case 'compare':
        return this.#isVector(test.left) || this.#isVector(test.right);
      case 'equal':
        return this.#isVectorInt(test.left);
      case 'within':
        return false;
      case 'every':
        return test.of.some((one) => this.#isVectorTest(one));
    }
  }

  #isVectorInt(value: Int): boolean {
    return value.kind === 'sum' && [...value.terms.keys()].some((variable) => this.#vectors.has(variable));
  }

  #line(text: string): void {
    this.lines.push('  '.repeat(this.#depth) + text);
  }

  /** One name may stand for an integer in one nest, for a number or a vector in another. */
  #local(one: Local | Variable, type: Type): string {
    const plain = ascii(one.name);
    const name = (this.#locals.get(plain) ?? type) === type ? plain : `${plain}_${type}`;
    this.#locals.set(name, type);
    return `$${name}`;
  }

  #set(local: Local, value: Value): void {
    this.#line(`(local.set ${this.#float(local)} ${this.#as(value, this.#vectors.has(local))})`);
  }

  /** Whether a nest before has left this fixed number in its local; from now on it is there. */
  #isKnown(name: string): boolean {
    const isKnown = this.#known.has(name);
    // What stands in a loop or a condition may not be run.
    if (this.#depth === outermost) this.#known.add(name);
    return isKnown;
  }

  #float(local: Local): string {
    return this.#local(local, this.#vectors.has(local) ? 'v128' : 'f32');
  }

  #print(one: Code): void {
    switch (one.kind) {
      case 'loop':
        this.#loop(one);
        return;
      case 'integer':
      case 'counter': {
        if (one.value.kind === 'sum') this.#noteMove(one.variable, one.value);
        const isVector = this.#vectors.has(one.variable);
        const name = this.#local(one.variable, isVector ? 'v128' : 'i32');
        this.#line(`(local.set ${name} ${isVector ? this.#vectorInt(one.value) : this.#int(one.value)})`);
        return;
      }
      case 'constant':
        if (one.local.isFixed && this.#isKnown(this.#float(one.local))) return;
        this.#set(one.local, one.value);
        return;
      case 'mutable':
      case 'replace':
        this.#set(one.local, one.value);
        return;
      case 'plus': {
        const name = this.#float(one.local);
        const isVector = this.#vectors.has(one.local);
        this.#line(`(local.set ${name} ${this.#accumulate(`(local.get ${name})`, one.value, isVector)})`);
        return;
      }
      case 'across': {
        const [number, vector] = [this.#local(one.local, 'f32'), this.#local(one.vector, 'v128')];
        const [half, rest] = [`(local.get ${vector})`, '8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7'];
        this.#line(`(local.set ${vector} (f32x4.add ${half} (i8x16.shuffle ${rest} ${half} ${half})))`);
        this.#line(`(local.set ${number} (f32.add (f32x4.extract_lane 0 ${half}) (f32x4.extract_lane 1 ${half})))`);
        return;
      }
      case 'store': {
        const isVector = this.#contiguous(one.at, one.array);
        const value = one.isAdded
          ? this.#added(this.#load(one.array, one.at, isVector), one, isVector)
          : this.#as(one.value, isVector);
        this.#line(
          isVector
            ? this.#storeVector(one.array, one.at, value)
            : `(f32.store ${this.#address(one.array, one.at)} ${value})`,
        );
        return;
      }
      case 'storeInteger': {
        const isVector = this.#contiguous(one.at, one.array);
        this.#line(
          isVector
            ? this.#storeVector(one.array, one.at, this.#vectorInt(one.value))
            : `(i32.store ${this.#address(one.array, one.at)} ${this.#int(one.value)})`,
        );
        return;
      }
      case 'if':
        this.#line(`(if ${this.#test(one.test)} (then`);
        this.#nested(one.body);
        this.#line('))');
        return;
      case 'clear':
        this.#line(
          `(memory.fill (i32.const ${this.#offsets.get(one.array)}) (i32.const 0) (i32.const ${this.#lengths.get(one.array)}))`,
        );
        return;
      case 'remark':
        for (const line of one.lines) this.remark(line);
        return;
      case 'tournament': {
        const [first, ...others] = one.candidates;
        if (first === undefined) return;
        const isVector = this.#vectors.has(one.maximum);
        this.#line(`(local.set ${this.#float(one.maximum)} ${this.#as(first.value, isVector)})`);
        const { winner } = one;
        if (winner !== undefined) this.#setPlace(winner, sumOf(first.place));
        let reached = first.place;
        for (const { value, place } of others) {
          const moved = winner && { variable: winner, value: sumOf(place), isLater: place > reached };
          this.#beat(one.maximum, value, moved);
          reached = Math.max(reached, place);
        }
        return;
      }
      case 'challenge':
        this.#beat(one.maximum, one.candidate, one.place);
    }
  }

  /** What stands there and a value; some lanes may stay as they are. */
  #added(before: string, { value, kept = 0 }: Store, isVector: boolean): string {
    if (!isVector || kept === 0) return this.#accumulate(before, value, isVector);
    const mask = Array.from({ length: lanes }, (_, lane) => (lane < kept ? '0' : '-1')).join(' ');
    return `(f32x4.add ${before} (v128.and ${this.#as(value, true)} (v128.const i32x4 ${mask})))`;
  }

  #setPlace(variable: Variable, value: Int): void {
    const isVector = this.#vectors.has(variable);
    const name = this.#local(variable, isVector ? 'v128' : 'i32');
    this.#line(`(local.set ${name} ${isVector ? this.#vectorInt(value) : this.#int(value)})`);
  }

  /** A maximum and the place of the first that is as large, without branches; NaN becomes the maximum. */
  #beat(
    maximum: Local,
    candidate: Value,
    place: { readonly variable: Variable; readonly value: Int; readonly isLater?: boolean } | undefined,
  ): void {
    const isVector = this.#vectors.has(maximum);
    const type = isVector ? 'f32x4' : 'f32';
    const name = this.#float(maximum);
    const rival = this.#local({ name: `${maximum.name}_rival` }, isVector ? 'v128' : 'f32');
    this.#line(`(local.set ${rival} ${this.#as(candidate, isVector)})`);
    if (place !== undefined) {
      const won = `(${type}.gt (local.get ${rival}) (local.get ${name}))`;
      const k = this.#local(place.variable, isVector ? 'v128' : 'i32');
      const chosen = isVector
        ? place.isLater
          ? // A mask of ones or zeros: the place, or 0, which is no later than any.
            `(i32x4.max_s (local.get ${k}) (v128.and ${won} ${this.#vectorInt(place.value)}))`
          : `(v128.bitselect ${this.#vectorInt(place.value)} (local.get ${k}) ${won})`
        : `(select ${this.#int(place.value)} (local.get ${k}) ${won})`;
      this.#line(`(local.set ${k} ${chosen})`);
    }
    const [held, candidateText] = [`(local.get ${name})`, `(local.get ${rival})`];
    // pmax(a, b) is a where b is NaN. Both orders agree on numbers, and NaN joined with any bits is NaN: f32x4.max for
    // three instructions instead of V8's eight.
    const larger = isVector
      ? `(v128.or (f32x4.pmax ${held} ${candidateText}) (f32x4.pmax ${candidateText} ${held}))`
      : `(f32.max ${held} ${candidateText})`;
    this.#line(`(local.set ${name} ${larger})`);
  }

  #nested(body: readonly Code[]): void {
    const outside = this.#addsAddresses;
    this.#addsAddresses = this.#splatsIn(body) > vectorPolicy.splatsByOffset;
    this.#depth++;
    for (const one of body) this.#print(one);
    this.#depth--;
    this.#addsAddresses = outside;
  }

  /** How many loads from different places fill a vector with one number, not counting those of loops within. */
  #splatsIn(body: readonly Code[]): number {
    const places = new Set<string>();
    const note = (value: Value, isVector: boolean): void => {
      if (value.kind === 'load' && isVector && this.#moveOf(value.at) === 0)
        places.add(this.#address(value.array, value.at));
      for (const part of partsOf(value)) note(part, isVector && this.#isVector(value));
    };
    for (const one of body) {
      if (one.kind === 'constant' || one.kind === 'plus') note(one.value, this.#vectors.has(one.local));
    }
    return places.size;
  }

  #loop(loop: Loop): void {
    const { variable, from, to, step, body } = loop;
    if (loop.pointers !== undefined) {
      this.#walk(loop, loop.pointers);
      return;
    }
    const name = this.#local(variable, 'i32');
    const turns = turnsOf(from, to, step);
    this.#line(`(local.set ${name} ${this.#int(from)})`);
    if (turns === 1) {
      for (const one of body) this.#print(one);
      return;
    }
    let limit = this.#int(to);
    const isKnown = turns !== undefined || loop.runs === true;
    if (!isConstantInt(to)) {
      const end = this.#local({ name: `${variable.name}_end` }, 'i32');
      this.#line(`(local.set ${end} ${limit})`);
      limit = `(local.get ${end})`;
    }
    if (!isKnown) {
      this.#line(`(if (i32.lt_s (local.get ${name}) ${limit}) (then`);
      this.#depth++;
    }
    const label = `$each_${ascii(variable.name)}`;
    this.#line(`(loop ${label}`);
    this.#nested(body);
    this.#depth++;
    this.#line(`(local.set ${name} (i32.add (local.get ${name}) (i32.const ${step})))`);
    this.#line(`(br_if ${label} (i32.lt_s (local.get ${name}) ${limit}))`);
    this.#depth--;
    this.#line(')');
    if (!isKnown) {
      this.#depth--;
      this.#line('))');
    }
  }

  /**
   * A loop whose addresses move on by themselves; the first of them ends it where nobody reads the counter. Where the
   * first turn is not known beforehand, the counter stands there while the addresses begin.
   */
  #walk({ variable, from, to, step, body, isCounted }: Loop, pointers: readonly Pointer[]): void {
    const start = isConstantInt(from) ? from.constant : undefined;
    const counter = (): string => this.#local(variable, 'i32');
    if (start === undefined) this.#line(`(local.set ${counter()} ${this.#int(from)})`);
    const walking = pointers.map(({ variable: pointer, value }) => ({
      name: this.#local(pointer, 'i32'),
      first: start === undefined ? value : startOf(value, variable, start),
      stride: (value.terms.get(variable) as number) * step,
    }));
    if (isCounted) walking.unshift({ name: counter(), first: sumOf(start ?? 0), stride: step });
    for (const { name, first } of walking) {
      if (start !== undefined || name !== counter()) this.#line(`(local.set ${name} ${this.#int(first)})`);
    }
    const [clock] = walking as [(typeof walking)[number]];
    const turns = turnsOf(from, to, step);
    let end = `(i32.const ${clock.first.constant + clock.stride * (turns ?? 0)})`;
    if (turns === undefined || clock.first.terms.size > 0) {
      const rest = `(i32.sub ${this.#int(to)} ${start === undefined ? `(local.get ${counter()})` : `(i32.const ${start})`})`;
      const way =
        turns === undefined ? `(i32.mul ${rest} (i32.const ${clock.stride}))` : `(i32.const ${clock.stride * turns})`;
      const limit = this.#local({ name: `${clock.name.slice(1)}_end` }, 'i32');
      this.#line(`(local.set ${limit} (i32.add (local.get ${clock.name}) ${way}))`);
      end = `(local.get ${limit})`;
    }
    const label = `$each_${ascii(variable.name)}`;
    this.#line(`(loop ${label}`);
    this.#nested(body);
    this.#depth++;
    for (const { name, stride } of walking) {
      this.#line(`(local.set ${name} (i32.add (local.get ${name}) (i32.const ${stride})))`);
    }
    this.#line(`(br_if ${label} (i32.ne (local.get ${clock.name}) ${end}))`);
    this.#depth--;
    this.#line(')');
  }

  /** A sum plus a value: one relaxed multiply-add where the engine has it. */
  #accumulate(sum: string, value: Value, isVector: boolean): string {
    if (this.#isRelaxed && isVector && value.kind === 'times' && value.factors.length === 2) {
      const [a, b] = value.factors as [Value, Value];
      return `(f32x4.relaxed_madd ${this.#as(a, true)} ${this.#as(b, true)} ${sum})`;
    }
    return `(${isVector ? 'f32x4' : 'f32'}.add ${sum} ${this.#as(value, isVector)})`;
  }

  /** A value as a number or as four; one number fills all four lanes. */
  #as(value: Value, isVector: boolean): string {
    if (!isVector) return this.#value(value, false);
    if (value.kind === 'number') return splat(value.value);
    if (this.#isVector(value)) return this.#value(value, true);
    if (value.kind === 'load')
      return `(v128.load32_splat ${this.#address(value.array, value.at, this.#addsAddresses)})`;
    return `(f32x4.splat ${this.#value(value, false)})`;
  }

  #value(value: Value, isVector: boolean): string {
    const type = isVector ? 'f32x4' : 'f32';
    const chain = (operator: string, parts: readonly Value[]): string =>
      parts
        .slice(1)
        .reduce(
          (text, part) => `(${type}${operator} ${text} ${this.#as(part, isVector)})`,
          this.#as(parts[0] as Value, isVector),
        );
    switch (value.kind) {
      case 'number':
        return Number.isFinite(value.value)
          ? `(f32.const ${decimal(value.value)})`
          : `(f32.const ${value.value > 0 ? 'inf' : '-inf'})`;
      case 'argument':
        return `(local.get $${ascii(value.name)})`;
      case 'local':
        return `(local.get ${this.#float(value.local)})`;
      case 'load':
        this.#contiguous(value.at, value.array);
        return this.#load(value.array, value.at, isVector);
      case 'plus': {
        const [first, ...others] = value.terms;
        return others.reduce<string>(
          (text, term) => {
            const opposite = oppositeOf(term);
            const sign = opposite === undefined ? '.add' : '.sub';
            return `(${type}${sign} ${text} ${this.#as(opposite ?? term, isVector)})`;
          },
          this.#as(first as Value, isVector),
        );
      }
      case 'times':
        return this.#product(value.factors, isVector, chain);
      case 'divide':
        return chain('.div', [value.dividend, value.divisor]);
      case 'call': {
        const { text, helper } = vectorCall(value.name, this.#as(value.argument, true));
        if (helper !== undefined) this.helpers.add(helper);
        return isVector ? text : `(f32x4.extract_lane 0 ${text})`;
      }
      case 'select': {
        const [yes, no] = [this.#as(value.yes, isVector), this.#as(value.no, isVector)];
        // A mask keeps all bits or none: one instruction instead of three.
        if (this.#isVectorTest(value.test) && value.no.kind === 'number' && Object.is(value.no.value, 0))
          return `(v128.and ${yes} ${this.#mask(value.test)})`;
        return this.#isVectorTest(value.test)
          ? `(v128.bitselect ${yes} ${no} ${this.#mask(value.test)})`
          : `(select ${yes} ${no} ${this.#test(value.test)})`;
      }
      case 'fromInt':
        return this.#fromInt(value.value);
    }
  }

  #fromInt(value: Int): string {
    if (value.kind !== 'between') return `(f32.convert_i32_s ${this.#int(value)})`;
    return `(f32.convert_i32_s (i32.sub ${this.#int(value.to)} ${this.#int(value.from)}))`;
  }

  #product(
    factors: readonly Value[],
    isVector: boolean,
    chain: (operator: string, parts: readonly Value[]) => string,
  ): string {
    const [first, ...rest] = factors as [Value, ...Value[]];
    if (first.kind === 'number' && first.value === -1 && rest.length > 0) {
      return `(${isVector ? 'f32x4' : 'f32'}.neg ${chain('.mul', rest)})`;
    }
    return chain('.mul', factors);
  }

  #test(test: Test): string {
    switch (test.kind) {
      case 'compare': {
        const sign = { '>': 'gt', '<': 'lt', '=': 'eq', '≠': 'ne' }[test.sign];
        return `(f32.${sign} ${this.#value(test.left, false)} ${this.#value(test.right, false)})`;
      }
      case 'equal':
        return `(i32.eq ${this.#int(test.left)} ${this.#int(test.right)})`;
      case 'within':
        // A negative number is a large unsigned one.
        return `(i32.lt_u ${this.#int(test.value)} (i32.const ${test.size}))`;
      case 'every':
        return test.of.map((one) => this.#test(one)).reduce((all, one) => `(i32.and ${all} ${one})`);
    }
  }

  #mask(test: Test): string {
    if (test.kind === 'compare') {
      const sign = { '>': 'gt', '<': 'lt', '=': 'eq', '≠': 'ne' }[test.sign];
      return `(f32x4.${sign} ${this.#as(test.left, true)} ${this.#as(test.right, true)})`;
    }
    if (test.kind === 'equal') return `(i32x4.eq ${this.#vectorInt(test.left)} ${this.#vectorInt(test.right)})`;
    throw new Error(`a question of the kind ${test.kind} has one answer for all lanes`);
  }

  /** Whether an address moves by one element with the vector's index; any other move is not a vector's. */
  #contiguous(at: Sum, array: Tensor): boolean {
    const move = this.#moveOf(at);
    if (move !== 0 && move !== bytesPerElement)
      throw new Error(`${array.name} does not lie in the direction of the vector`);
    return move !== 0;
  }

  #load(array: Tensor, at: Sum, isVector: boolean): string {
    const operation = isVector ? (this.#isHalf(at) ? 'v128.load64_zero' : 'v128.load') : 'f32.load';
    return `(${operation} ${this.#address(array, at)})`;
  }

  #storeVector(array: Tensor, at: Sum, value: string): string {
    const address = this.#address(array, at);
    if (!this.#isHalf(at)) return `(v128.store ${address} ${value})`;
    // The lane is named between the offset and the operands.
    const [offset, place] = address.startsWith('(') ? ['', address] : address.split(/ (.*)/s);
    return `(v128.store64_lane ${offset} 0 ${place} ${value})`;
  }

  /** `offset=16 (local.get $x_i)`. An address whose parts may be negative is added up first: an offset cannot wrap. */
  #address(array: Tensor, at: Sum, isAdded = false): string {
    if (array === this.#from) return `(i32.add (local.get $from) ${this.#int(at)})`;
    const start = this.#offsets.get(array);
    if (start === undefined) throw new Error(`${array.name} has no place in memory`);
    const constant = start + at.constant;
    if (at.terms.size === 0) return `offset=${constant} (i32.const 0)`;
    const isSigned = constant < 0 || [...at.terms].some(([term, factor]) => factor < 0 || this.#signed.has(term));
    if (isSigned || isAdded) return this.#int({ ...at, constant });
    return `${constant === 0 ? '' : `offset=${constant} `}${this.#int({ ...at, constant: 0 })}`;
  }

  #vectorInt(value: Int): string {
    if (value.kind === 'load') return this.#load(value.array, value.at, true);
    if (value.kind === 'sum' && value.terms.size === 1 && value.constant === 0) {
      const [[variable, factor]] = [...value.terms] as [[Variable, number]];
      if (factor === 1 && this.#vectors.has(variable)) return `(local.get ${this.#local(variable, 'v128')})`;
    }
    if (value.kind === 'sum' && value.terms.size === 0) {
      return `(v128.const i32x4 ${Array(4).fill(value.constant).join(' ')})`;
    }
    return `(i32x4.splat ${this.#int(value)})`;
  }

  #int(value: Int): string {
    switch (value.kind) {
      case 'sum': {
        const parts = [...value.terms].map(([variable, factor]) => {
          const name = `(local.get ${this.#local(variable, 'i32')})`;
          if (factor === 1) return name;
          return Number.isInteger(Math.log2(factor))
            ? `(i32.shl ${name} (i32.const ${Math.log2(factor)}))`
            : `(i32.mul ${name} (i32.const ${factor}))`;
        });
        if (value.constant !== 0 || parts.length === 0) parts.push(`(i32.const ${value.constant})`);
        return parts.reduce((all, part) => `(i32.add ${all} ${part})`);
      }
      case 'least':
      case 'greatest': {
        const compare = value.kind === 'least' ? 'lt_s' : 'gt_s';
        return value.of.map((one) => this.#int(one)).reduce((a, b) => `(select ${a} ${b} (i32.${compare} ${a} ${b}))`);
      }
      case 'floor':
        return this.#floor(value.dividend, value.divisor);
      case 'ceiling':
        return this.#floor({ ...value.dividend, constant: value.dividend.constant + value.divisor - 1 }, value.divisor);
      case 'between':
        return `(i32.sub ${this.#int(value.to)} ${this.#int(value.from)})`;
      case 'load':
        return `(i32.load ${this.#address(value.array, value.at)})`;
      case 'digit': {
        const number = `(local.get ${this.#local(value.number, 'i32')})`;
        const quotient = value.below === 1 ? number : `(i32.div_u ${number} (i32.const ${value.below}))`;
        return value.size === undefined ? quotient : `(i32.rem_u ${quotient} (i32.const ${value.size}))`;
      }
    }
  }

  /** ⌊a/b⌋ of an integer that may be negative: shifted by a multiple of b that is larger than any dividend. */
  #floor(dividend: Sum, divisor: number): string {
    const shift = 2 ** 20;
    const positive = this.#int({ ...dividend, constant: dividend.constant + shift * divisor });
    return `(i32.sub (i32.div_u ${positive} (i32.const ${divisor})) (i32.const ${shift}))`;
  }
}

/** b of −b, so that a + (−b) is a − b. */
function oppositeOf(value: Value): Value | undefined {
  if (value.kind !== 'times') return undefined;
  const [first, ...factors] = value.factors;
  if (first?.kind !== 'number' || first.value !== -1 || factors.length === 0) return undefined;
  return factors.length === 1 ? factors[0] : { kind: 'times', factors };
}

/** A pointer's value before the first turn. */
function startOf(value: Sum, counter: Variable, start: number): Sum {
  const terms = [...value.terms].filter(([variable]) => variable !== counter);
  return sumOf(value.constant + start * (value.terms.get(counter) as number), terms);
}

function isConstantInt(value: Int): value is Sum {
  return value.kind === 'sum' && value.terms.size === 0;
}

function turnsOf(from: Int, to: Int, step: number): number | undefined {
  const length = distance(from, to);
  return length !== undefined && length > 0 ? Math.ceil(length / step) : undefined;
}

/** The letters of equations in the alphabet of the text format. */
export function ascii(name: string): string {
  const spelled = name
    .replace('x̂', 'xhat')
    .replace('γ', 'gamma')
    .replace('β', 'beta')
    .replace('μ', 'mu')
    .replace('α', 'alpha');
  return spelled
    .replaceAll('ᵀ', 'T')
    .replaceAll('ˡ', 'L')
    .replace(/[^\w]/g, (letter) => `u${letter.codePointAt(0)?.toString(16)}`);
}
