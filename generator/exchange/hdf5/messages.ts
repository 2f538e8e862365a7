import { refuse } from '../refuse.ts';
import { numberTypes, readNumbers } from '../weights/numberTypes.ts';
import type { Bytes } from './bytes.ts';

/** One message of an object's header. */
export interface Message {
  readonly type: number;
  readonly at: number;
  readonly size: number;
}

export const messageTypes = {
  dataspace: 1,
  datatype: 3,
  layout: 8,
  filters: 11,
  attribute: 12,
  continuation: 16,
  symbols: 17,
};

/** The messages of an object (version 1 of its header, which h5py writes unless it is told otherwise). */
export function messagesOf(bytes: Bytes, address: number): readonly Message[] {
  if (bytes.u8(address) !== 1) refuse('', 'an object header of another version', 'version 1, as h5py writes');
  const messages: Message[] = [];
  const blocks = [{ at: address + 16, end: address + 16 + bytes.u32(address + 8) }];
  for (const { at: begin, end } of blocks) {
    for (let at = begin; at + 8 <= end; ) {
      bytes.step();
      const message = { type: bytes.u16(at), size: bytes.u16(at + 2), at: at + 8 };
      const isShared = (bytes.u8(at + 4) & 2) !== 0;
      if (isShared) refuse('', 'a shared message', 'types and shapes that stand where they are used');
      if (message.type === messageTypes.continuation) {
        const next = bytes.u64(message.at);
        blocks.push({ at: next, end: next + bytes.u64(message.at + 8) });
      } else messages.push(message);
      at = message.at + message.size;
    }
  }
  return messages;
}

/** What the elements of a dataset or attribute are. */
export interface Datatype {
  readonly kind: 'number' | 'text' | 'varying text';
  /** Under the names of safetensors, for numbers. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
}

/** Class 0 integers, 1 floats, 3 texts of one length, 9 texts of any length. */
export function readDatatype(bytes: Bytes, at: number): Datatype {
  const kind = bytes.u8(at) & 15;
  const size = bytes.u32(at + 4);
  const bits = bytes.u8(at + 1);
  if (kind === 3) return { kind: 'text', type: '', size };
  if (kind === 9 && (bits & 15) === 1) return { kind: 'varying text', type: '', size };
  const letter = kind === 1 ? 'F' : kind === 0 ? ((bits & 8) === 0 ? 'U' : 'I') : '';
  const type = `${letter}${8 * size}`;
  const isBigEndian = (bits & 1) === 1;
  if (isBigEndian || !Object.hasOwn(numberTypes, type))
    refuse('', `elements of class ${kind}`, 'little-endian numbers, or texts');
  return { kind: 'number', type, size };
}

const maxRank = 32;

/** The sizes of a dataspace; [] for one element. */
export function readDataspace(bytes: Bytes, at: number): readonly number[] {
  const rank = bytes.u8(at + 1);
  if (rank > maxRank) refuse('', `${rank} axes`, `at most ${maxRank}`);
  const start = at + (bytes.u8(at) === 1 ? 8 : 4);
  return Array.from({ length: rank }, (_, axis) => bytes.u64(start + 8 * axis));
}

/** An attribute: its name, and its texts or numbers. */
export interface Attribute {
  readonly name: string;
  readonly values: readonly (string | number)[];
}

const maxTexts = 1_000_000;

export function readAttribute(bytes: Bytes, { at }: Message): Attribute {
  const version = bytes.u8(at);
  const [nameSize, typeSize, spaceSize] = [2, 4, 6].map((offset) => bytes.u16(at + offset)) as [number, number, number];
  const pad = (size: number) => (version === 1 ? Math.ceil(size / 8) * 8 : size);
  const nameAt = at + (version === 3 ? 9 : 8);
  const typeAt = nameAt + pad(nameSize);
  const spaceAt = typeAt + pad(typeSize);
  const dataAt = spaceAt + pad(spaceSize);
  const type = readDatatype(bytes, typeAt);
  const count = readDataspace(bytes, spaceAt).reduce((product, size) => product * size, 1);
  if (!(count <= maxTexts)) refuse('', `${count} values in an attribute`, `at most ${maxTexts}`);
  const name = bytes.text(nameAt, nameSize);
  bytes.part(dataAt, count * type.size);
  if (type.kind === 'number')
    return { name, values: Array.from(readNumbers(bytes.all, dataAt, count, numberTypes[type.type]!)) };
  const values = Array.from({ length: count }, (_, n) => {
    const place = dataAt + n * type.size;
    return type.kind === 'text' ? bytes.text(place, type.size) : varyingText(bytes, place);
  });
  return { name, values };
}

/** A text in a global heap: its length, the heap's address, and its number there. */
function varyingText(bytes: Bytes, at: number): string {
  const [length, heap, index] = [bytes.u32(at), bytes.u64(at + 4), bytes.u32(at + 12)];
  if (!bytes.isSigned(heap, 'GCOL')) refuse('', 'a text without a heap', 'a whole HDF5 file');
  const end = heap + bytes.u64(heap + 8);
  for (let place = heap + 16; place + 16 <= end; ) {
    bytes.step();
    const [own, size] = [bytes.u16(place), bytes.u64(place + 8)];
    if (own === 0) break;
    if (own === index) return new TextDecoder().decode(bytes.part(place + 16, Math.min(length, size)));
    place += 16 + Math.ceil(size / 8) * 8;
  }
  return refuse('', 'a text that is not in its heap', 'a whole HDF5 file');
}
