import { Refusal } from '../refusal.ts';
import type { Instruction } from './decode.ts';
import { StackCode } from './stackCode.ts';

/** What is written for an instruction. */
export type Writers = Readonly<Record<string, (instruction: Instruction) => void>>;

/** Instructions that move numbers: between lanes, and from and to memory. */
export abstract class MoveCode extends StackCode {
  protected readonly moves: Writers = {
    'i32x4.extract_lane': (one) => this.#extractLane('i32', one),
    'f32x4.extract_lane': (one) => this.#extractLane('f32', one),
    'i32x4.replace_lane': (one) => this.#replaceLane('i32', one),
    'f32x4.replace_lane': (one) => this.#replaceLane('f32', one),
    'i8x16.shuffle': (one) => this.#shuffle(one),
    'v128.any_true': () => this.#truth(' || '),
    'i32x4.all_true': () => this.#truth(' && '),
    'i32x4.bitmask': () => this.#bitmask(),

    'i32.load': (one) => this.#load('i32', [0], one),
    'f32.load': (one) => this.#load('f32', [0], one),
    'v128.load': (one) => this.#load('v128', [0, 1, 2, 3], one),
    'v128.load32_splat': (one) => this.#load('v128', [0, 0, 0, 0], one),
    'v128.load64_splat': (one) => this.#load('v128', [0, 1, 0, 1], one),
    'v128.load32_zero': (one) => this.#load('v128', [0, zero, zero, zero], one),
    'v128.load64_zero': (one) => this.#load('v128', [0, 1, zero, zero], one),
    'v128.load32_lane': (one) => this.#loadLanes(1, one),
    'v128.load64_lane': (one) => this.#loadLanes(2, one),

    'i32.store': (one) => this.#store(this.pop('i32').lanes, one),
    'f32.store': (one) => this.#store(this.pop('f32').lanes, one),
    'v128.store': (one) => this.#store(this.pop('v128').lanes, one),
    'v128.store32_lane': (one) => this.#storeLanes(1, one),
    'v128.store64_lane': (one) => this.#storeLanes(2, one),
    'memory.fill': (one) => this.#many('fill', one),
    'memory.copy': (one) => this.#many('copy', one),
  };

  // Lanes

  #extractLane(type: 'i32' | 'f32', { numbers: [lane = 0] }: Instruction): void {
    this.stack.push({ type, lanes: [this.pop('v128').lanes[lane]!] });
  }

  #replaceLane(from: 'i32' | 'f32', { numbers: [lane = 0] }: Instruction): void {
    const value = this.pop(from).lanes[0]!;
    const { type, lanes } = this.pop('v128');
    this.stack.push({ type, lanes: lanes.map((old, n) => (n === lane ? value : old)) });
  }

  /** Sixteen bytes of two vectors; whole numbers of four bytes, or a number of the network would be cut. */
  #shuffle({ numbers: bytes, at }: Instruction): void {
    const second = this.pop('v128').lanes;
    const both = [...this.pop('v128').lanes, ...second];
    const lanes = [0, 4, 8, 12].map((start) => {
      const from = bytes[start]! / 4;
      const isWhole = Number.isInteger(from) && [1, 2, 3].every((n) => bytes[start + n] === bytes[start]! + n);
      if (!isWhole) throw new Refusal(`byte ${at} of the module: found a shuffle that cuts numbers into bytes`);
      return both[from]!;
    });
    this.stack.push({ type: 'v128', lanes });
  }

  #truth(join: ' || ' | ' && '): void {
    const tests = this.pop('v128').lanes.map((one) => `(${one} | 0) !== 0`);
    this.stack.push({ type: 'i32', lanes: [this.named(`${tests.join(join)} ? 1 : 0`)] });
  }

  #bitmask(): void {
    const bits = this.pop('v128').lanes.map((one, n) => `(${one} >>> 31) << ${n}`);
    this.stack.push({ type: 'i32', lanes: [this.named(bits.join(' | '))] });
  }

  // Memory: each word of four bytes by itself

  /** `words`: which one each lane comes from. */
  #load(type: 'i32' | 'f32' | 'v128', words: readonly number[], instruction: Instruction): void {
    const loaded = this.#loaded(Math.max(...words) + 1, instruction);
    this.stack.push({ type, lanes: words.map((word) => loaded[word] ?? '0') });
  }

  #loadLanes(count: 1 | 2, instruction: Instruction): void {
    const [, lane = 0] = instruction.numbers;
    const { type, lanes } = this.pop('v128');
    const loaded = this.#loaded(count, instruction);
    this.stack.push({ type, lanes: lanes.map((old, n) => loaded[n - lane * count] ?? old) });
  }

  #loaded(count: number, instruction: Instruction): readonly string[] {
    const place = this.#site(instruction, false);
    const start = this.#address(instruction);
    return Array.from({ length: count }, (_, n) => this.named(`$.load(${place}, ${wordAfter(start, n)})`));
  }

  #store(values: readonly string[], instruction: Instruction): void {
    const place = this.#site(instruction, true);
    const start = this.#address(instruction);
    for (const [n, value] of values.entries()) this.line(`$.store(${place}, ${wordAfter(start, n)}, ${value});`);
  }

  #storeLanes(count: 1 | 2, instruction: Instruction): void {
    const [, lane = 0] = instruction.numbers;
    this.#store(this.pop('v128').lanes.slice(count * lane, count * lane + count), instruction);
  }

  #many(method: 'fill' | 'copy', instruction: Instruction): void {
    const [bytes, second, first] = [this.pop('i32'), this.pop('i32'), this.pop('i32')];
    const values = [first, second, bytes].map(({ lanes }) => `${lanes[0]}`);
    this.line(`$.${method}(${this.#site(instruction, true)}, ${values.join(', ')});`);
  }

  #site({ name, at }: Instruction, isWrite: boolean): number {
    return this.sites.access(this.position, at, name, isWrite);
  }

  #address({ numbers: [offset = 0] }: Instruction): string {
    return this.named(`(${this.pop('i32').lanes[0]} >>> 0) + ${offset}`);
  }
}

/** No word: the lane is 0. */
const zero = -1;

function wordAfter(start: string, n: number): string {
  return n === 0 ? start : `${start} + ${4 * n}`;
}
