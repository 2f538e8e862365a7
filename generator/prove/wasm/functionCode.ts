import { Refusal } from '../refusal.ts';
import type { FunctionType, Instruction, ValueType, WasmFunction } from './decode.ts';
import { type Operation, operationOf } from './operations.ts';
import type { Sites } from './sites.ts';

/** Something on the stack: one text for a number, four for a vector. Each is a name or a literal. */
interface Entry {
  readonly type: ValueType;
  readonly lanes: readonly string[];
}

/** What a branch may leave: its label, and where the result goes. */
interface Label {
  readonly name: string;
  readonly isLoop: boolean;
  readonly result: Entry | undefined;
}

/** Turns one function into JavaScript that computes lane by lane with the methods of `$`. */
export class FunctionCode {
  readonly #function: WasmFunction;
  readonly #position: number;
  readonly #typeOf: (position: number) => FunctionType;
  readonly #sites: Sites;
  readonly #lines: string[] = [];
  readonly #locals: readonly Entry[];
  #stack: Entry[] = [];
  readonly #labels: Label[] = [];
  #names = 0;

  constructor(
    one: WasmFunction,
    { position, typeOf, sites }: { position: number; typeOf: (position: number) => FunctionType; sites: Sites },
  ) {
    this.#function = one;
    this.#position = position;
    this.#typeOf = typeOf;
    this.#sites = sites;
    this.#locals = [...one.type.parameters, ...one.locals].map((type, n) => ({ type, lanes: lanesOf(type, `l${n}`) }));
  }

  print(): string {
    const { type, body } = this.#function;
    const parameters = this.#locals.slice(0, type.parameters.length).flatMap(({ lanes }) => lanes);
    const locals = this.#locals.slice(type.parameters.length).flatMap(({ lanes }) => lanes);
    const [result] = type.results;
    const outer = this.#label('', result);
    this.#line(`${outer.name}: {`);
    this.#block(body, outer);
    this.#line('}');
    if (outer.result !== undefined) {
      const { lanes } = outer.result;
      this.#line(`return ${lanes.length === 1 ? lanes[0] : `[${lanes.join(', ')}]`};`);
    }
    const declared = locals.length === 0 ? '' : `let ${locals.map((name) => `${name} = 0`).join(', ')};\n`;
    const head = `function f${this.#position}(${parameters.join(', ')}) {\n$.enter(${this.#position});\n${declared}`;
    return `${head}${this.#lines.join('\n')}\n}`;
  }

  /** A label with room for a result. */
  #label(prefix: string, type: ValueType | undefined, isLoop = false): Label {
    const name = `B${prefix}${this.#names++}`;
    if (type === undefined) return { name, isLoop, result: undefined };
    const result = { type, lanes: lanesOf(type, `r${this.#names++}`) };
    this.#line(`let ${result.lanes.map((lane) => `${lane} = 0`).join(', ')};`);
    return { name, isLoop, result };
  }

  /** The instructions of a block; what is left on the stack is its result. */
  #block(body: readonly Instruction[], label: Label): void {
    const outer = this.#stack;
    this.#stack = [];
    this.#labels.push(label);
    let isReached = true;
    for (const instruction of body) {
      isReached = this.#instruction(instruction);
      // What follows a branch is never run.
      if (!isReached) break;
    }
    if (isReached) {
      if (label.result !== undefined) this.#assign(label.result, this.#pop(label.result.type));
      if (this.#stack.length > 0)
        throw new Refusal(`function ${this.#position}: found more on the stack than a block gives`);
    }
    this.#labels.pop();
    this.#stack = outer;
  }

  /** Whether the next instruction is reached. */
  #instruction(instruction: Instruction): boolean {
    const { name } = instruction;
    const operation = operationOf(name);
    if (operation !== undefined) this.#operate(operation, instruction);
    else if (name === 'br' || name === 'return' || name === 'unreachable') {
      this.#leave(instruction);
      return false;
    } else this.#other(instruction);
    return true;
  }

  #leave({ name, numbers: [depth = 0] }: Instruction): void {
    if (name === 'unreachable') this.#line('$.unreachable();');
    else this.#jump(name === 'return' ? this.#labels[0] : this.#labels.at(-1 - depth), '');
  }

  #operate({ operands, result, text, arms }: Operation, { at, name }: Instruction): void {
    const entries = operands.map((_, n) => this.#pop(operands.at(-1 - n)!)).reverse();
    if (/^f32(x4)?\.add$/.test(name) && this.#addProduct(result, entries as [Entry, Entry])) return;
    const lanes = lanesOf(result, '').map((_, lane) => {
      const place =
        arms === undefined
          ? '0'
          : String(this.#sites.branch(this.#position, at, this.#laneName(name, result, lane), arms));
      return this.#named(
        text(
          entries.map((entry) => entry.lanes[entry.lanes.length === 1 ? 0 : lane]!),
          place,
        ),
      );
    });
    this.#stack.push({ type: result, lanes });
  }

  /** c + a·b in one call, where the product was computed last: nothing else can have its value. */
  #addProduct(type: ValueType, [term, product]: readonly [Entry, Entry]): boolean {
    const { lanes } = product;
    const lines = this.#lines.slice(-lanes.length);
    const factors = lines.map((line, n) => /^const (\w+) = \$\.mul\((.*)\);$/.exec(line)?.slice(1) ?? [lanes[n], '']);
    if (lines.length < lanes.length || factors.some(([name, both], n) => name !== lanes[n] || both === ''))
      return false;
    this.#lines.length -= lanes.length;
    const sums = factors.map(([, both], n) => this.#named(`$.addProduct(${both}, ${term.lanes[n]})`));
    this.#stack.push({ type, lanes: sums });
    return true;
  }

  #laneName(name: string, result: ValueType, lane: number): string {
    return result === 'v128' ? `lane ${lane} of ${name}` : name;
  }

  #other(instruction: Instruction): void {
    const { name, numbers } = instruction;
    const [first = 0] = numbers;
    switch (name) {
      case 'nop':
        return;
      case 'block':
      case 'loop':
      case 'if':
        this.#structure(instruction);
        return;
      case 'br_if': {
        const condition = this.#pop('i32');
        this.#jump(this.#labels.at(-1 - first), `if ((${condition.lanes[0]} | 0) !== 0) `);
        return;
      }
      case 'call':
        this.#call(first);
        return;
      case 'drop':
        this.#pop();
        return;
      case 'select':
        this.#select();
        return;
      case 'local.get':
        this.#stack.push(this.#local(first));
        return;
      case 'local.set':
      case 'local.tee': {
        const local = this.#local(first);
        const value = this.#pop(local.type);
        this.#keep(local);
        this.#assign(local, value);
        if (name === 'local.tee') this.#stack.push(local);
        return;
      }
      case 'i32.const':
      case 'f32.const':
      case 'f64.const':
        this.#stack.push({ type: name.slice(0, 3) as ValueType, lanes: [String(first)] });
        return;
      case 'v128.const':
        this.#stack.push({ type: 'v128', lanes: numbers.map(String) });
        return;
      default:
        if (!this.#lanes(instruction) && !this.#memory(instruction)) {
          throw new Refusal(
            `byte ${instruction.at} of the module: found ${name}, which exact arithmetic does not follow`,
          );
        }
    }
  }

  #structure({ name, body = [], otherwise, result }: Instruction): void {
    const condition = name === 'if' ? this.#pop('i32') : undefined;
    for (const local of this.#locals) this.#keep(local);
    const label = this.#label(name === 'loop' ? 'L' : '', result, name === 'loop');
    const open = name === 'loop' ? 'for (;;) {' : condition ? `if ((${condition.lanes[0]} | 0) !== 0) {` : '{';
    this.#line(`${label.name}: ${open}`);
    this.#block(body, label);
    if (name === 'loop') this.#line(`break ${label.name};`);
    if (otherwise !== undefined) {
      this.#line('} else {');
      this.#block(otherwise, label);
    }
    this.#line('}');
    if (label.result !== undefined) this.#stack.push(label.result);
  }

  #jump(label: Label | undefined, condition: string): void {
    if (label === undefined) throw new Refusal(`function ${this.#position}: found a branch out of the function`);
    const { name, isLoop, result } = label;
    if (isLoop || result === undefined) this.#line(`${condition}${isLoop ? 'continue' : 'break'} ${name};`);
    else {
      // The value stays on the stack where the branch is not taken.
      const value = this.#stack.at(-1);
      if (value?.type !== result.type) throw new Refusal(`function ${this.#position}: found no result to branch with`);
      const moves = result.lanes.map((lane, n) => `${lane} = ${value.lanes[n]};`).join(' ');
      this.#line(`${condition}{ ${moves} break ${name}; }`);
    }
  }

  #call(position: number): void {
    const { parameters, results } = this.#typeOf(position);
    const values = parameters.map((_, n) => this.#pop(parameters.at(-1 - n)!)).reverse();
    const call = `f${position}(${values.flatMap(({ lanes }) => lanes).join(', ')})`;
    const [type] = results;
    if (type === undefined) this.#line(`${call};`);
    else if (type === 'v128') {
      const lanes = lanesOf(type, `t${this.#names++}`);
      this.#line(`const [${lanes.join(', ')}] = ${call};`);
      this.#stack.push({ type, lanes });
    } else this.#stack.push({ type, lanes: [this.#named(call)] });
  }

  #select(): void {
    const condition = this.#pop('i32').lanes[0];
    const no = this.#pop();
    const yes = this.#pop(no.type);
    const test = this.#named(`(${condition} | 0) !== 0`);
    const lanes = yes.lanes.map((lane, n) => this.#named(`${test} ? ${lane} : ${no.lanes[n]}`));
    this.#stack.push({ type: no.type, lanes });
  }

  /** Instructions that move lanes. */
  #lanes({ name, numbers, at }: Instruction): boolean {
    const [lane = 0] = numbers;
    switch (name) {
      case 'i32x4.extract_lane':
      case 'f32x4.extract_lane':
        this.#stack.push({ type: name.startsWith('i') ? 'i32' : 'f32', lanes: [this.#pop('v128').lanes[lane]!] });
        return true;
      case 'i32x4.replace_lane':
      case 'f32x4.replace_lane': {
        const value = this.#pop(name.startsWith('i') ? 'i32' : 'f32').lanes[0]!;
        const { type, lanes } = this.#pop('v128');
        this.#stack.push({ type, lanes: lanes.map((old, n) => (n === lane ? value : old)) });
        return true;
      }
      case 'i8x16.shuffle':
        this.#shuffle(numbers, at);
        return true;
      case 'v128.any_true':
      case 'i32x4.all_true': {
        const join = name === 'v128.any_true' ? ' || ' : ' && ';
        const tests = this.#pop('v128').lanes.map((one) => `(${one} | 0) !== 0`);
        this.#stack.push({ type: 'i32', lanes: [this.#named(`${tests.join(join)} ? 1 : 0`)] });
        return true;
      }
      case 'i32x4.bitmask': {
        const bits = this.#pop('v128').lanes.map((one, n) => `(${one} >>> 31) << ${n}`);
        this.#stack.push({ type: 'i32', lanes: [this.#named(bits.join(' | '))] });
        return true;
      }
      default:
        return false;
    }
  }

  /** Sixteen bytes of two vectors; whole numbers of four bytes, or a number of the network would be cut. */
  #shuffle(bytes: readonly number[], at: number): void {
    const second = this.#pop('v128').lanes;
    const both = [...this.#pop('v128').lanes, ...second];
    const lanes = [0, 4, 8, 12].map((start) => {
      const from = bytes[start]! / 4;
      const isWhole = Number.isInteger(from) && [1, 2, 3].every((n) => bytes[start + n] === bytes[start]! + n);
      if (!isWhole) throw new Refusal(`byte ${at} of the module: found a shuffle that cuts numbers into bytes`);
      return both[from]!;
    });
    this.#stack.push({ type: 'v128', lanes });
  }

  /** Loads and stores: each word of four bytes by itself. */
  #memory(instruction: Instruction): boolean {
    const { name, numbers, at } = instruction;
    const [offset = 0, lane = 0] = numbers;
    const site = (isWrite: boolean): number => this.#sites.access(this.#position, at, name, isWrite);
    const address = (): string => this.#named(`(${this.#pop('i32').lanes[0]} >>> 0) + ${offset}`);
    const load = (place: number, start: string, n: number): string =>
      this.#named(`$.load(${place}, ${n === 0 ? start : `${start} + ${4 * n}`})`);
    const store = (values: readonly string[]): void => {
      const [place, start] = [site(true), address()];
      for (const [n, value] of values.entries()) {
        this.#line(`$.store(${place}, ${n === 0 ? start : `${start} + ${4 * n}`}, ${value});`);
      }
    };
    const words = loadedWords[name];
    if (words !== undefined) {
      const [place, start] = [site(false), address()];
      const loaded = Array.from({ length: Math.max(...words) + 1 }, (_, n) => load(place, start, n));
      const type = words.length === 4 ? 'v128' : name.startsWith('i32') ? 'i32' : 'f32';
      this.#stack.push({ type, lanes: words.map((word) => loaded[word] ?? '0') });
      return true;
    }
    switch (name) {
      case 'v128.load32_lane':
      case 'v128.load64_lane': {
        const { type, lanes } = this.#pop('v128');
        const [place, start] = [site(false), address()];
        const size = name === 'v128.load64_lane' ? 2 : 1;
        const loaded = Array.from({ length: size }, (_, n) => load(place, start, n));
        this.#stack.push({ type, lanes: lanes.map((old, n) => loaded[n - lane * size] ?? old) });
        return true;
      }
      case 'i32.store':
        store(this.#pop('i32').lanes);
        return true;
      case 'f32.store':
        store(this.#pop('f32').lanes);
        return true;
      case 'v128.store':
        store(this.#pop('v128').lanes);
        return true;
      case 'v128.store32_lane':
        store(this.#pop('v128').lanes.slice(lane, lane + 1));
        return true;
      case 'v128.store64_lane':
        store(this.#pop('v128').lanes.slice(2 * lane, 2 * lane + 2));
        return true;
      case 'memory.fill':
      case 'memory.copy': {
        const [bytes, second, first] = [this.#pop('i32'), this.#pop('i32'), this.#pop('i32')];
        const values = [first, second, bytes].map(({ lanes }) => `${lanes[0]}`);
        this.#line(`$.${name === 'memory.fill' ? 'fill' : 'copy'}(${site(true)}, ${values.join(', ')});`);
        return true;
      }
      default:
        return false;
    }
  }

  // Names

  #line(text: string): void {
    this.#lines.push(text);
  }

  #named(text: string): string {
    const name = `t${this.#names++}`;
    this.#line(`const ${name} = ${text};`);
    return name;
  }

  #local(position: number): Entry {
    const local = this.#locals[position];
    if (local === undefined) throw new Refusal(`function ${this.#position}: found no local ${position}`);
    return local;
  }

  /** Copies what the stack holds of a local that is about to change. */
  #keep(local: Entry): void {
    const isOld = (lane: string): boolean => local.lanes.includes(lane);
    this.#stack = this.#stack.map((entry) =>
      entry.lanes.some(isOld)
        ? { ...entry, lanes: entry.lanes.map((lane) => (isOld(lane) ? this.#named(lane) : lane)) }
        : entry,
    );
  }

  /** Lanes may change places: all are read before any is written. */
  #assign(target: Entry, { lanes }: Entry): void {
    const isMixed = lanes.some((lane, n) => n > 0 && target.lanes.includes(lane) && lane !== target.lanes[n]);
    const values =
      isMixed || lanes.some((lane, n) => target.lanes.includes(lane) && lane !== target.lanes[n])
        ? lanes.map((lane) => this.#named(lane))
        : lanes;
    for (const [n, lane] of target.lanes.entries()) this.#line(`${lane} = ${values[n]};`);
  }

  #pop(type?: ValueType): Entry {
    const entry = this.#stack.pop();
    if (entry === undefined) throw new Refusal(`function ${this.#position}: found nothing on the stack`);
    if (type !== undefined && entry.type !== type) {
      throw new Refusal(`function ${this.#position}: found ${entry.type} on the stack, expected ${type}`);
    }
    return entry;
  }
}

/** Which word each lane comes from; −1 for zero. */
const loadedWords: Readonly<Record<string, readonly number[]>> = {
  'i32.load': [0],
  'f32.load': [0],
  'v128.load': [0, 1, 2, 3],
  'v128.load32_splat': [0, 0, 0, 0],
  'v128.load64_splat': [0, 1, 0, 1],
  'v128.load32_zero': [0, -1, -1, -1],
  'v128.load64_zero': [0, 1, -1, -1],
};

function lanesOf(type: ValueType, name: string): readonly string[] {
  return type === 'v128' ? [0, 1, 2, 3].map((lane) => `${name}_${lane}`) : [name];
}
