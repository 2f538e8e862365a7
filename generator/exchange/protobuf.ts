import { refuse } from './refuse.ts';

/**
 * Protocol buffers, as far as ONNX uses them: messages, strings, bytes, integers, floats
 * (https://protobuf.dev/programming-guides/encoding). A hundred lines of our own rather than a library with generated
 * code: nothing is copied (bytes are views of the file), depth and lengths are bounded, unknown fields are skipped.
 */

type Scalar = 'int' | 'float' | 'double' | 'string' | 'bytes';

/** A field of a message: its name, what it holds, and whether there are several. */
export interface Field {
  readonly name: string;
  readonly holds: Scalar | MessageType;
  readonly repeated?: true;
}

/** The fields of a message by their numbers; a function where messages contain each other. */
export type MessageType = () => Readonly<Record<number, Field>>;

export type Message = Readonly<Record<string, unknown>>;

const maxDepth = 32;

/** Reads a message; absent fields are absent, repeated ones an array at least. Throws SpecError where it is damaged. */
export function decodeMessage(bytes: Uint8Array, type: MessageType, depth = 0): Message {
  if (depth > maxDepth) refuse('', `messages ${depth} deep`, `at most ${maxDepth}`);
  const fields = type();
  const message: Record<string, unknown> = {};
  for (const field of Object.values(fields)) if (field.repeated) message[field.name] = [];
  const reader = new Reader(bytes);
  while (!reader.isAtEnd) {
    const tag = reader.varint();
    const field = fields[Math.floor(tag / 8)];
    const wire = tag % 8;
    if (field === undefined) reader.skip(wire);
    else if (field.repeated) readSeveral(reader, field, wire, depth, message[field.name] as unknown[]);
    else message[field.name] = readOne(reader, field, wire, depth);
  }
  return message;
}

const wireOf: Readonly<Record<Scalar, number>> = { int: 0, double: 1, string: 2, bytes: 2, float: 5 };

function readOne(reader: Reader, { name, holds }: Field, wire: number, depth: number): unknown {
  const expected = typeof holds === 'function' ? 2 : wireOf[holds];
  if (wire !== expected) damaged(`field ${name} in another form`);
  if (typeof holds === 'function') return decodeMessage(reader.bytes(), holds, depth + 1);
  return reader.scalar(holds);
}

/** A repeated field comes one by one, or numbers packed together. */
function readSeveral(reader: Reader, field: Field, wire: number, depth: number, values: unknown[]): void {
  const { holds } = field;
  const isPacked = wire === 2 && typeof holds === 'string' && wireOf[holds] !== 2;
  if (!isPacked) {
    values.push(readOne(reader, field, wire, depth));
    return;
  }
  const packed = new Reader(reader.bytes());
  while (!packed.isAtEnd) values.push(packed.scalar(holds));
}

function damaged(what: string): never {
  return refuse('', what, 'a whole protocol buffer');
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** A signed 64-bit integer; exact up to 2^53, which is more than any size. */
  varint(): number {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.isAtEnd) damaged('a number that breaks off');
      const byte = this.#bytes[this.#at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
    return damaged('a number of more than ten bytes');
  }

  bytes(): Uint8Array {
    const length = this.varint();
    const start = this.#at;
    if (length < 0 || length > this.#bytes.length - start) damaged(`a field of ${length} bytes`);
    this.#at += length;
    return this.#bytes.subarray(start, this.#at);
  }

  scalar(type: Scalar): number | string | Uint8Array {
    if (type === 'int') return this.varint();
    if (type === 'bytes') return this.bytes();
    if (type === 'string') return new TextDecoder().decode(this.bytes());
    const at = this.#advance(type === 'float' ? 4 : 8);
    return type === 'float' ? this.#view.getFloat32(at, true) : this.#view.getFloat64(at, true);
  }

  skip(wire: number): void {
    if (wire === 0) this.varint();
    else if (wire === 1) this.#advance(8);
    else if (wire === 2) this.bytes();
    else if (wire === 5) this.#advance(4);
    else damaged(`a field of wire type ${wire}`);
  }

  #advance(size: number): number {
    const at = this.#at;
    if (size > this.#bytes.length - at) damaged('a number that breaks off');
    this.#at += size;
    return at;
  }
}

/** Writes a message: the fields that the type knows and the message has, in the order of their numbers. */
export function encodeMessage(message: Message, type: MessageType): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [key, field] of Object.entries(type())) {
    const value = message[field.name];
    if (value === undefined) continue;
    const values = field.repeated ? (value as readonly unknown[]) : [value];
    for (const one of values) {
      const { holds } = field;
      const wire = typeof holds === 'function' ? 2 : wireOf[holds];
      parts.push(varintBytes(Number(key) * 8 + wire), ...encodeValue(one, holds));
    }
  }
  return Buffer.concat(parts);
}

function encodeValue(value: unknown, holds: Field['holds']): readonly Uint8Array[] {
  if (typeof holds === 'function') return withLength(encodeMessage(value as Message, holds));
  if (holds === 'int') return [varintBytes(value as number)];
  if (holds === 'string') return withLength(new TextEncoder().encode(value as string));
  if (holds === 'bytes') return withLength(value as Uint8Array);
  const bytes = Buffer.alloc(holds === 'float' ? 4 : 8);
  if (holds === 'float') bytes.writeFloatLE(value as number);
  else bytes.writeDoubleLE(value as number);
  return [bytes];
}

function withLength(bytes: Uint8Array): readonly Uint8Array[] {
  return [varintBytes(bytes.length), bytes];
}

function varintBytes(value: number): Uint8Array {
  let left = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (left > 127n) {
    bytes.push(Number(left & 127n) | 128);
    left >>= 7n;
  }
  return Uint8Array.from([...bytes, Number(left)]);
}
