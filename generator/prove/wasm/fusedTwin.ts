import { bitsOf } from './bits.ts';
import type { DecodedModule, FunctionType, Instruction, WasmFunction } from './decode.ts';
import { operationOf } from './operations.ts';

/**
 * Whether a code with relaxed multiply-adds is a plain one but for these: `a·b + c` in one instruction where the plain code
 * has a product and a sum. In exact arithmetic the two are then the same code, and what is proved of one holds of the other.
 */
export function isFusedTwin(fused: DecodedModule, plain: DecodedModule): boolean {
  const outside = ({ pages, memoryName, exports, functions }: DecodedModule): string =>
    JSON.stringify([pages, memoryName, [...exports], functions.map(({ type, locals }) => [type, locals])]);
  if (outside(fused) !== outside(plain)) return false;
  const typeOf = (position: number) => plain.functions[position]?.type;
  return plain.functions.every((one, n) => {
    const [text, other] = [new Statements(typeOf).textOf(one), new Statements(typeOf).textOf(fused.functions[n]!)];
    return text !== undefined && text === other;
  });
}

/** An expression as a text; it is pure if it can be computed earlier or later within its statement. */
interface Term {
  readonly text: string;
  readonly isPure: boolean;
}

/** Operands of the instructions that are none of `operationOf`'s, for those that leave a result. */
const operands: Readonly<Record<string, number>> = {
  'local.get': 0,
  'i32.const': 0,
  'f32.const': 0,
  'f64.const': 0,
  'v128.const': 0,
  'i32.load': 1,
  'f32.load': 1,
  'v128.load': 1,
  'v128.load32_splat': 1,
  'v128.load64_splat': 1,
  'v128.load32_zero': 1,
  'v128.load64_zero': 1,
  'v128.load32_lane': 2,
  'v128.load64_lane': 2,
  'i32x4.extract_lane': 1,
  'f32x4.extract_lane': 1,
  'i32x4.replace_lane': 2,
  'f32x4.replace_lane': 2,
  'i8x16.shuffle': 2,
  'v128.any_true': 1,
  'i32x4.all_true': 1,
  'i32x4.bitmask': 1,
  select: 3,
};

/** Those of statements, which leave nothing. */
const consumed: Readonly<Record<string, number>> = {
  nop: 0,
  br: 0,
  unreachable: 0,
  'local.set': 1,
  drop: 1,
  br_if: 1,
  'i32.store': 2,
  'f32.store': 2,
  'v128.store': 2,
  'v128.store32_lane': 2,
  'v128.store64_lane': 2,
  'memory.fill': 3,
  'memory.copy': 3,
};

/** −1 in all lanes, by its bits. */
const minusOnes = `(v128.const ${new Array<number>(4).fill(bitsOf(-1)).join(' ')} )`;

/** Thrown where a function is not written as statements whose parts stand together. */
class Tangled extends Error {}

/** A function's instructions put together to the statements and expressions that they were written from. */
class Statements {
  readonly #typeOf: (position: number) => FunctionType | undefined;
  #stack: Term[] = [];

  constructor(typeOf: (position: number) => FunctionType | undefined) {
    this.#typeOf = typeOf;
  }

  textOf({ body }: WasmFunction): string | undefined {
    try {
      return this.#block(body);
    } catch (error) {
      if (error instanceof Tangled) return undefined;
      throw error;
    }
  }

  #block(body: readonly Instruction[]): string {
    const outer = this.#stack;
    this.#stack = [];
    const statements = body.flatMap((instruction) => this.#instruction(instruction) ?? []);
    const result = this.#stack.map(({ text }) => text);
    this.#stack = outer;
    return [...statements, ...result].join('\n');
  }

  /** The text of a statement; undefined for an expression, which is put on the stack. */
  #instruction(instruction: Instruction): string | undefined {
    const { name, numbers, body, otherwise, result } = instruction;
    if (body !== undefined) return this.#structure(name, body, otherwise ?? [], result);
    const head = [name, ...numbers].join(' ');
    const count = operationOf(name)?.operands.length ?? operands[name];
    if (count !== undefined) {
      this.#stack.push(this.#expression(head, this.#take(count)));
      return undefined;
    }
    if (name === 'local.tee') {
      this.#stack.push({ text: `(${head} ${this.#take(1)[0]!.text})`, isPure: false });
      return undefined;
    }
    const type = name === 'call' ? this.#typeOf(numbers[0]!) : undefined;
    const parts = this.#take(type?.parameters.length ?? consumed[name] ?? tangled());
    if (type?.results.length === 1) {
      this.#stack.push({ text: `(${head} ${textsOf(parts)})`, isPure: false });
      return undefined;
    }
    return this.#statement(`${head} ${textsOf(parts)}`);
  }

  #structure(
    name: string,
    body: readonly Instruction[],
    otherwise: readonly Instruction[],
    result: Instruction['result'],
  ): string | undefined {
    const condition = name === 'if' ? this.#take(1)[0]!.text : '';
    const text = `${name} ${result ?? ''} ${condition} {\n${this.#block(body)}\n} {\n${this.#block(otherwise)}\n}`;
    if (result === undefined) return this.#statement(text);
    this.#stack.push({ text: `(${text})`, isPure: false });
    return undefined;
  }

  #expression(head: string, parts: readonly Term[]): Term {
    const isPure = parts.every((part) => part.isPure);
    const [a, b, c] = parts.map(({ text }) => text);
    // The operands are computed in another order, which makes no difference to such.
    if (isPure && head === 'f32x4.relaxed_madd') return { text: `(f32x4.add ${c} (f32x4.mul ${a} ${b}))`, isPure };
    if (isPure && head === 'f32x4.relaxed_nmadd') return { text: `(f32x4.sub ${c} (f32x4.mul ${a} ${b}))`, isPure };
    // −a = −1·a
    if (head === 'f32x4.neg') return { text: `(f32x4.mul ${minusOnes} ${a})`, isPure };
    return { text: `(${head} ${textsOf(parts)})`, isPure };
  }

  /** Nothing may wait on the stack while a statement changes what it was computed from. */
  #statement(text: string): string {
    return this.#stack.length === 0 ? text : tangled();
  }

  #take(count: number): readonly Term[] {
    if (this.#stack.length < count) return tangled();
    return this.#stack.splice(this.#stack.length - count, count);
  }
}

function textsOf(terms: readonly Term[]): string {
  return terms.map(({ text }) => text).join(' ');
}

function tangled(): never {
  throw new Tangled();
}
