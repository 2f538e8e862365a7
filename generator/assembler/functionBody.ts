import { ByteWriter } from './byteWriter.ts';
import { bytesOfNumbers, integer, type NumberType } from './numbers.ts';
import { type Opcode, opcodes } from './opcodes.ts';
import { headOf, type Node, partsOf, wordOf } from './readText.ts';

/** Types of values, by their bytes. */
const valueTypes: ReadonlyMap<string, number> = new Map([
  ['i32', 0x7f],
  ['i64', 0x7e],
  ['f32', 0x7d],
  ['f64', 0x7c],
  ['v128', 0x7b],
]);

/** @throws Error at an unknown type */
export function byteOfType(type: string): number {
  return lookUp(valueTypes, type);
}

const blocks: Readonly<Record<string, number>> = { block: 0x02, loop: 0x03, if: 0x04 };
const [elseByte, end, noResult] = [0x05, 0x0b, 0x40];

/** What the names in a body stand for. */
export interface Scope {
  readonly locals: ReadonlyMap<string, number>;
  readonly functions: ReadonlyMap<string, number>;
}

/**
 * A function's instructions as bytes: operands, then the instruction, as a stack machine takes them.
 *
 * @throws Error at an unknown instruction or name
 */
export function encodeBody(instructions: readonly Node[], scope: Scope): Uint8Array {
  const body = new FunctionBody(scope);
  for (const one of instructions) body.write(one);
  body.writer.byte(end);
  return body.writer.bytes;
}

class FunctionBody {
  readonly writer = new ByteWriter();
  readonly #scope: Scope;
  /** Of the blocks around, the outermost first; empty for one without. */
  readonly #labels: string[] = [];

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  write(node: Node): void {
    const name = headOf(node);
    if (typeof node === 'string' || name === '')
      throw new Error(`found ${node}, expected an instruction in parentheses`);
    const block = blocks[name];
    if (block !== undefined) {
      this.#block(name, block, node.slice(1));
      return;
    }
    const opcode = opcodes.get(name);
    if (opcode === undefined) throw new Error(`found an unknown instruction, ${name}`);
    const immediates = node.slice(1).filter((part): part is string => typeof part === 'string');
    for (const operand of node.slice(1)) if (typeof operand !== 'string') this.write(operand);
    this.writer.append(opcode.bytes);
    this.#immediates(name, opcode, immediates);
  }

  #block(name: string, byte: number, parts: readonly Node[]): void {
    const label = typeof parts[0] === 'string' ? parts[0] : '';
    const unnamed = label === '' ? parts : parts.slice(1);
    const hasResult = headOf(unnamed[0]) === 'result';
    const result = hasResult ? byteOfType(wordOf(partsOf(unnamed[0])[0])) : noResult;
    const inside = hasResult ? unnamed.slice(1) : unnamed;
    const [condition] = inside;
    if (name === 'if' && condition !== undefined) this.write(condition);
    const rest = name === 'if' ? inside.slice(1) : inside;
    this.writer.append([byte, result]);
    this.#labels.push(label);
    for (const one of rest) {
      if (headOf(one) === 'else') this.writer.byte(elseByte);
      for (const inner of name === 'if' ? one.slice(1) : [one]) this.write(inner);
    }
    this.#labels.pop();
    this.writer.byte(end);
  }

  #immediates(name: string, { immediates, alignment }: Opcode, words: readonly string[]): void {
    const [first = ''] = words;
    switch (immediates) {
      case 'none':
        return;
      case 'local':
        this.writer.unsigned(lookUp(this.#scope.locals, first));
        return;
      case 'function':
        this.writer.unsigned(lookUp(this.#scope.functions, first));
        return;
      case 'label':
        this.writer.unsigned(this.#depthOf(first));
        return;
      case 'constant':
        this.#constant(name, words);
        return;
      case 'memory':
        this.#place(alignment, words);
        return;
      case 'lane':
        if (alignment > 0) this.#place(alignment, words.slice(0, -1));
        this.writer.byte(Number(words.at(-1)));
        return;
      case 'lanes':
        this.writer.append(words.map(Number));
        return;
      case 'zeros':
        // The numbers of memories: there is one.
        this.writer.append(name === 'memory.copy' ? [0, 0] : [0]);
    }
  }

  #constant(name: string, words: readonly string[]): void {
    const [type] = name.split('.') as [NumberType | 'v128'];
    if (type === 'v128') {
      const [lanes = '', ...values] = words;
      this.writer.append(bytesOfNumbers(lanes.split('x')[0] as NumberType, values));
    } else if (type === 'i32') this.writer.signed(BigInt.asIntN(32, integer(words[0] ?? '')));
    else if (type === 'i64') this.writer.signed(BigInt.asIntN(64, integer(words[0] ?? '')));
    else this.writer.append(bytesOfNumbers(type, words));
  }

  /** Where a load or store is; whoever says no alignment means the natural one. */
  #place(natural: number, words: readonly string[]): void {
    const said = (key: string): string | undefined =>
      words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1);
    const aligned = said('align');
    this.writer.unsigned(aligned === undefined ? natural : Math.log2(Number(aligned)));
    this.writer.unsigned(Number(said('offset') ?? 0));
  }

  #depthOf(label: string): number {
    const at = this.#labels.lastIndexOf(label);
    if (at < 0) throw new Error(`found an unknown label, ${label}`);
    return this.#labels.length - 1 - at;
  }
}

/** @throws Error at an unknown name */
export function lookUp(names: ReadonlyMap<string, number>, name: string): number {
  const index = names.get(name);
  if (index === undefined) throw new Error(`found an unknown name, ${name}`);
  return index;
}
