import { ByteWriter } from './byteWriter.ts';
import { byteOfType, encodeBody, lookUp } from './functionBody.ts';
import { layOutLocals } from './locals.ts';
import { headOf, type Node, partsOf, readText, wordOf } from './readText.ts';

/** What stands at the beginning of every module: `\0asm` and the version of the format. */
const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const sections = { types: 1, functions: 3, memories: 5, exports: 7, code: 10 };
const kinds = { function: 0, memory: 2 };

interface FunctionText {
  readonly name: string;
  readonly exported: string | undefined;
  readonly params: readonly Node[];
  readonly results: readonly Node[];
  readonly locals: readonly Node[];
  readonly body: readonly Node[];
}

/**
 * WebAssembly text as bytes: of the text format (WebAssembly 3.0, chapters 5 and 6) what longhand writes, a module of
 * functions with folded instructions and one memory. Locals are numbered by how often they are used, so that most need one
 * byte; instructions come out as they stand, since an optimiser that rearranges loops makes V8 keep their sums in memory.
 *
 * @throws Error at something that longhand does not write
 */
export function assemble(text: string): Uint8Array {
  const [module] = readText(text);
  if (headOf(module) !== 'module') throw new Error('found no module');
  const fields = partsOf(module);
  const under = (head: string): readonly (readonly Node[])[] =>
    fields.filter((field): field is readonly Node[] => headOf(field) === head);
  const [memories, functions, others] = [under('memory'), under('func').map(readFunction), under('export')];
  if (memories.length + functions.length + others.length < fields.length) throw new Error('found an unknown field');
  const types = functions.map(typeOf);
  const distinct = [...new Map(types.map((type) => [type.join(), type])).values()];
  const indices = new Map(distinct.map((type, n) => [type.join(), n]));
  const names = new Map(functions.map(({ name }, n) => [name, n]));

  const output = new ByteWriter();
  output.append(magic);
  section(output, sections.types, distinct, (to, type) => to.append(type));
  section(output, sections.functions, types, (to, type) => to.unsigned(lookUp(indices, type.join())));
  section(output, sections.memories, memories, writeLimits);
  const exports = [
    ...memories.flatMap(exportOfMemory),
    ...functions.flatMap(exportOf),
    ...others.map(exportNamed(names)),
  ];
  section(output, sections.exports, exports, writeExport);
  section(output, sections.code, functions, (to, one) => to.sized(encodeFunction(one, names)));
  return output.bytes.slice();
}

/** A section is its number, its size, and its entries under their number; an empty one is left out. */
function section<Entry>(
  output: ByteWriter,
  id: number,
  entries: readonly Entry[],
  write: (to: ByteWriter, entry: Entry) => void,
): void {
  if (entries.length === 0) return;
  const content = new ByteWriter();
  content.unsigned(entries.length);
  for (const entry of entries) write(content, entry);
  output.byte(id);
  output.sized(content.bytes);
}

function readFunction(field: Node): FunctionText {
  const parts = partsOf(field);
  const declared = (head: string): readonly (readonly Node[])[] =>
    parts.filter((part): part is readonly Node[] => headOf(part) === head);
  const heads = ['export', 'param', 'result', 'local'];
  return {
    name: typeof parts[0] === 'string' ? parts[0] : '',
    exported: declared('export').map(([, name]) => wordOf(name))[0],
    params: declared('param'),
    results: declared('result'),
    locals: declared('local'),
    body: parts.filter((part) => typeof part !== 'string' && !heads.includes(headOf(part))),
  };
}

/** A function's type: 0x60, those of its parameters, those of its results. */
function typeOf({ params, results }: FunctionText): readonly number[] {
  const typesOf = (nodes: readonly Node[]): number[] => nodes.map((node) => byteOfType(wordOf(node.at(-1))));
  return [0x60, params.length, ...typesOf(params), results.length, ...typesOf(results)];
}

function writeLimits(to: ByteWriter, memory: readonly Node[]): void {
  const [least, most] = memory.filter((part) => typeof part === 'string' && /^\d+$/.test(part)).map(Number);
  if (least === undefined) throw new Error('found a memory without its size');
  to.byte(most === undefined ? 0 : 1);
  to.unsigned(least);
  if (most !== undefined) to.unsigned(most);
}

interface Export {
  readonly quoted: string;
  readonly kind: number;
  readonly index: number;
}

function exportOfMemory(memory: readonly Node[], index: number): Export[] {
  const found = memory.find((part) => headOf(part) === 'export');
  return found === undefined ? [] : [{ quoted: wordOf(found[1]), kind: kinds.memory, index }];
}

function exportOf({ exported }: FunctionText, index: number): Export[] {
  return exported === undefined ? [] : [{ quoted: exported, kind: kinds.function, index }];
}

/** `(export "name" (func $function))`. */
function exportNamed(names: ReadonlyMap<string, number>) {
  return ([, quoted, field]: readonly Node[]): Export => {
    return { quoted: wordOf(quoted), kind: kinds.function, index: lookUp(names, wordOf(field?.[1])) };
  };
}

function writeExport(to: ByteWriter, { quoted, kind, index }: Export): void {
  to.sized(new TextEncoder().encode(JSON.parse(quoted)));
  to.byte(kind);
  to.unsigned(index);
}

function encodeFunction({ params, locals, body }: FunctionText, functions: ReadonlyMap<string, number>): Uint8Array {
  const { indices, runs } = layOutLocals(params, locals, body);
  const output = new ByteWriter();
  output.unsigned(runs.length);
  for (const { type, count } of runs) {
    output.unsigned(count);
    output.byte(byteOfType(type));
  }
  output.append(encodeBody(body, { locals: indices, functions }));
  return output.bytes;
}
