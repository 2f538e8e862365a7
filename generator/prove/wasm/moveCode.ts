import { Refusal } from '../refusal.ts';
import type { Instruction } from './decode.ts';
import { StackCode } from './stackCode.ts';

/** Instructions that move numbers: between lanes, and from and to memory. */
export abstract class MoveCode extends StackCode {
  /** Instructions that move lanes. */
  protected lanes({ name, numbers, at }: Instruction): boolean {
    const [lane = 0] = numbers;
    switch (name) {
      case 'i32x4.extract_lane':
      case 'f32x4.extract_lane':
        this.stack.push({ type: name.startsWith('i') ? 'i32' : 'f32', lanes: [this.pop('v128').lanes[lane]!] });
        return true;
      case 'i32x4.replace_lane':
      case 'f32x4.replace_lane': {
        const value = this.pop(name.startsWith('i') ? 'i32' : 'f32').lanes[0]!;
        const { type, lanes } = this.pop('v128');
        this.stack.push({ type, lanes: lanes.map((old, n) => (n === lane ? value : old)) });
        return true;
      }
      case 'i8x16.shuffle':
        this.#shuffle(numbers, at);
        return true;
      case 'v128.any_true':
      case 'i32x4.all_true': {
        const join = name === 'v128.any_true' ? ' || ' : ' && ';
        const tests = this.pop('v128').lanes.map((one) => `(${one} | 0) !== 0`);
        this.stack.push({ type: 'i32', lanes: [this.named(`${tests.join(join)} ? 1 : 0`)] });
        return true;
      }
      case 'i32x4.bitmask': {
        const bits = this.pop('v128').lanes.map((one, n) => `(${one} >>> 31) << ${n}`);
        this.stack.push({ type: 'i32', lanes: [this.named(bits.join(' | '))] });
        return true;
      }
      default:
        return false;
    }
  }

  /** Sixteen bytes of two vectors; whole numbers of four bytes, or a number of the network would be cut. */
  #shuffle(bytes: readonly number[], at: number): void {
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

  /** Loads and stores: each word of four bytes by itself. */
  protected memory(instruction: Instruction): boolean {
    const { name, numbers, at } = instruction;
    const [offset = 0, lane = 0] = numbers;
    const site = (isWrite: boolean): number => this.sites.access(this.position, at, name, isWrite);
    const address = (): string => this.named(`(${this.pop('i32').lanes[0]} >>> 0) + ${offset}`);
    const load = (place: number, start: string, n: number): string =>
      this.named(`$.load(${place}, ${n === 0 ? start : `${start} + ${4 * n}`})`);
    const store = (values: readonly string[]): void => {
      const [place, start] = [site(true), address()];
      for (const [n, value] of values.entries()) {
        this.line(`$.store(${place}, ${n === 0 ? start : `${start} + ${4 * n}`}, ${value});`);
      }
    };
    const words = loadedWords[name];
    if (words !== undefined) {
      const [place, start] = [site(false), address()];
      const loaded = Array.from({ length: Math.max(...words) + 1 }, (_, n) => load(place, start, n));
      const type = words.length === 4 ? 'v128' : name.startsWith('i32') ? 'i32' : 'f32';
      this.stack.push({ type, lanes: words.map((word) => loaded[word] ?? '0') });
      return true;
    }
    switch (name) {
      case 'v128.load32_lane':
      case 'v128.load64_lane': {
        const { type, lanes } = this.pop('v128');
        const [place, start] = [site(false), address()];
        const size = name === 'v128.load64_lane' ? 2 : 1;
        const loaded = Array.from({ length: size }, (_, n) => load(place, start, n));
        this.stack.push({ type, lanes: lanes.map((old, n) => loaded[n - lane * size] ?? old) });
        return true;
      }
      case 'i32.store':
        store(this.pop('i32').lanes);
        return true;
      case 'f32.store':
        store(this.pop('f32').lanes);
        return true;
      case 'v128.store':
        store(this.pop('v128').lanes);
        return true;
      case 'v128.store32_lane':
        store(this.pop('v128').lanes.slice(lane, lane + 1));
        return true;
      case 'v128.store64_lane':
        store(this.pop('v128').lanes.slice(2 * lane, 2 * lane + 2));
        return true;
      case 'memory.fill':
      case 'memory.copy': {
        const [bytes, second, first] = [this.pop('i32'), this.pop('i32'), this.pop('i32')];
        const values = [first, second, bytes].map(({ lanes }) => `${lanes[0]}`);
        this.line(`$.${name === 'memory.fill' ? 'fill' : 'copy'}(${site(true)}, ${values.join(', ')});`);
        return true;
      }
      default:
        return false;
    }
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
