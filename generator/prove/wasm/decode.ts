import { Refusal } from '../refusal.ts';
import { ByteReader } from './byteReader.ts';
import { type Immediates, opcodes } from './opcodes.ts';

export type ValueType = 'i32' | 'f32' | 'f64' | 'v128';

export interface FunctionType {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** One instruction with what follows its opcode. */
export interface Instruction {
  readonly name: string;
  /** Where it stands in the module. */
  readonly at: number;
  /** A constant's bits, an index, an offset and a lane, sixteen lanes: in the order in which they stand. */
  readonly numbers: readonly number[];
  /** What a block, loop or if holds. */
  readonly body?: readonly Instruction[];
  readonly otherwise?: readonly Instruction[];
  /** What it leaves on the stack. */
  readonly result?: ValueType;
}

export interface WasmFunction {
  readonly type: FunctionType;
  /** Beside the parameters. */
  readonly locals: readonly ValueType[];
  readonly body: readonly Instruction[];
  readonly at: number;
}

export interface DecodedModule {
  readonly functions: readonly WasmFunction[];
  readonly pages: number;
  /** Functions by the names that the host calls them. */
  readonly exports: ReadonlyMap<string, number>;
  readonly memoryName: string | undefined;
}

const valueTypes: ReadonlyMap<number, ValueType> = new Map([
  [0x7f, 'i32'],
  [0x7d, 'f32'],
  [0x7c, 'f64'],
  [0x7b, 'v128'],
]);

const magic = 0x6d736100;
const emptyBlock = 0x40;

/**
 * A module read from its bytes (WebAssembly 3.0, "Binary Format").
 *
 * @throws Refusal with the byte, for what is malformed and for what longhand never writes
 */
export function decodeModule(bytes: Uint8Array): DecodedModule {
  return new ModuleDecoder(bytes).decode();
}

class ModuleDecoder {
  readonly #reader: ByteReader;
  #types: FunctionType[] = [];
  #functionTypes: number[] = [];
  #pages = 0;
  #memoryName: string | undefined;
  readonly #exports = new Map<string, number>();
  #functions: WasmFunction[] = [];

  /** What is read from each kind of section; those that are not here are refused. */
  readonly #sections: ReadonlyMap<number, (part: ByteReader) => void> = new Map([
    [0, (part) => part.skip()],
    [
      1,
      (part) => {
        this.#types = part.list(() => functionType(part));
      },
    ],
    [
      3,
      (part) => {
        this.#functionTypes = part.list(() => part.unsigned());
      },
    ],
    [5, (part) => this.#memory(part)],
    [7, (part) => void part.list(() => this.#export(part))],
    [
      10,
      (part) => {
        this.#functions = part.list(() => part.part()).map((body, n) => this.#function(body, n));
      },
    ],
  ]);

  constructor(bytes: Uint8Array) {
    this.#reader = new ByteReader(bytes);
  }

  decode(): DecodedModule {
    const reader = this.#reader;
    if (reader.word() !== magic || reader.word() !== 1) throw new Refusal('found no WebAssembly module of version 1');
    while (!reader.isAtEnd) {
      const [at, id] = [reader.at, reader.byte()];
      this.#section(id, reader.part(), at);
    }
    if (this.#functions.length !== this.#functionTypes.length) {
      throw new Refusal(`found ${this.#functions.length} bodies for ${this.#functionTypes.length} functions`);
    }
    return {
      functions: this.#functions,
      pages: this.#pages,
      exports: this.#exports,
      memoryName: this.#memoryName,
    };
  }

  #section(id: number, part: ByteReader, at: number): void {
    const read = this.#sections.get(id);
    if (read === undefined) {
      throw new Refusal(`byte ${at} of the module: found a section of the kind ${id}, which longhand never writes`);
    }
    read(part);
    if (!part.isAtEnd) throw new Refusal(`byte ${part.at} of the module: found more than its section holds`);
  }

  #memory(part: ByteReader): void {
    const memories = part.list(() => {
      const flags = part.byte();
      const least = part.unsigned();
      const most = flags === 1 ? part.unsigned() : undefined;
      if (least !== most) throw new Refusal(`byte ${part.at} of the module: found a memory that may grow`);
      return least;
    });
    if (memories.length > 1) throw new Refusal(`found ${memories.length} memories, expected one`);
    this.#pages = memories[0] ?? 0;
  }

  #export(part: ByteReader): void {
    const name = part.text();
    const kind = part.byte();
    const index = part.unsigned();
    if (kind === 0) this.#exports.set(name, index);
    else if (kind === 2) this.#memoryName = name;
    else throw new Refusal(`found an export '${name}' that is neither a function nor the memory`);
  }

  #function(part: ByteReader, position: number): WasmFunction {
    const at = part.at;
    const locals = part
      .list(() => ({ count: part.unsigned(), type: valueType(part) }))
      .flatMap(({ count, type }) => new Array<ValueType>(count).fill(type));
    const { instructions, last } = readBlock(part);
    if (last !== 'end' || !part.isAtEnd) throw new Refusal(`byte ${part.at} of the module: found no end of a function`);
    const type = this.#types[this.#functionTypes[position] ?? -1];
    if (type === undefined) throw new Refusal(`function ${position}: found no type`);
    return { type, locals, body: instructions, at };
  }
}

function functionType(part: ByteReader): FunctionType {
  const form = part.byte();
  if (form !== 0x60) throw new Refusal(`byte ${part.at - 1} of the module: found no type of a function`);
  const parameters = part.list(() => valueType(part));
  const results = part.list(() => valueType(part));
  if (results.length > 1) throw new Refusal(`byte ${part.at} of the module: found a function of several results`);
  return { parameters, results };
}

function valueType(part: ByteReader): ValueType {
  const at = part.at;
  const code = part.byte();
  const type = valueTypes.get(code);
  if (type === undefined) throw new Refusal(`byte ${at} of the module: found the type 0x${code.toString(16)}`);
  return type;
}

/** Instructions up to the `end` or `else` that closes them. */
function readBlock(part: ByteReader): { readonly instructions: readonly Instruction[]; readonly last: string } {
  const instructions: Instruction[] = [];
  for (;;) {
    const instruction = readInstruction(part);
    if (instruction.name === 'end' || instruction.name === 'else') return { instructions, last: instruction.name };
    instructions.push(instruction);
  }
}

function readInstruction(part: ByteReader): Instruction {
  const at = part.at;
  const first = part.byte();
  const isPrefix = first === 0xfc || first === 0xfd;
  const number = isPrefix ? part.unsigned() : first;
  const opcode = opcodes.get(isPrefix ? first : 0)?.get(number);
  if (opcode === undefined) {
    const found = isPrefix ? `0x${first.toString(16)} 0x${number.toString(16)}` : `0x${first.toString(16)}`;
    throw new Refusal(`byte ${at} of the module: found the opcode ${found}, which exact arithmetic does not know`);
  }
  const { name, immediates } = opcode;
  return immediates === 'block'
    ? readStructure(name, at, part)
    : { name, at, numbers: readImmediates(immediates, part) };
}

function readStructure(name: string, at: number, part: ByteReader): Instruction {
  const code = part.byte();
  const result = valueTypes.get(code);
  if (code !== emptyBlock && result === undefined) {
    throw new Refusal(`byte ${part.at - 1} of the module: found a block of the type 0x${code.toString(16)}`);
  }
  const { instructions: body, last } = readBlock(part);
  const common = { name, at, numbers: [], body, ...(result === undefined ? {} : { result }) };
  if (last === 'end') return common;
  const { instructions: otherwise, last: end } = readBlock(part);
  if (name !== 'if' || end !== 'end') throw new Refusal(`byte ${part.at} of the module: found an else without its if`);
  return { ...common, otherwise };
}

function readImmediates(kind: Exclude<Immediates, 'block'>, part: ByteReader): readonly number[] {
  switch (kind) {
    case 'none':
      return [];
    case 'index':
      return [part.unsigned()];
    case 'i32':
      return [part.signed()];
    case 'f32':
      return [part.word()];
    case 'f64':
      return [part.float64()];
    case 'memory':
      return [readOffset(part)];
    case 'memoryLane':
      return [readOffset(part), part.byte()];
    case 'lane':
      return [part.byte()];
    case 'lanes':
      return Array.from({ length: 16 }, () => part.byte());
    case 'bytes':
      return Array.from({ length: 4 }, () => part.word());
    case 'space':
      return [part.byte()];
    case 'spaces':
      return [part.byte(), part.byte()];
  }
}

/** An address's offset; the alignment before it is a hint that changes nothing. */
function readOffset(part: ByteReader): number {
  const alignment = part.unsigned();
  if (alignment > 4) throw new Refusal(`byte ${part.at} of the module: found an alignment of 2^${alignment}`);
  return part.unsigned();
}
