import { Refusal } from '../refusal.ts';

/** Bytes of a WebAssembly module, read from front to back. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  /** Where the next byte stands in the module. */
  at: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.at = at;
    this.#end = end;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#end;
  }

  byte(): number {
    if (this.isAtEnd) throw new Refusal(`byte ${this.at} of the module: found its end, expected more`);
    return this.#bytes[this.at++]!;
  }

  /** An unsigned LEB128 number of 32 bits. */
  unsigned(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new Refusal(`byte ${this.at} of the module: found a number of more than 32 bits`);
  }

  /** A signed LEB128 number of 32 bits. */
  signed(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return shift < 25 && (byte & 0x40) !== 0 ? value | (-1 << (shift + 7)) : value;
    }
    throw new Refusal(`byte ${this.at} of the module: found a number of more than 32 bits`);
  }

  /** Four bytes, as a signed number. */
  word(): number {
    return this.byte() | (this.byte() << 8) | (this.byte() << 16) | (this.byte() << 24);
  }

  /** Eight bytes, as a float. */
  float64(): number {
    const words = Int32Array.of(this.word(), this.word());
    return new DataView(words.buffer).getFloat64(0, true);
  }

  text(): string {
    return new TextDecoder().decode(this.#take(this.unsigned()));
  }

  /** A part of its own, of the length that stands in front of it. */
  part(): ByteReader {
    const length = this.unsigned();
    const start = this.at;
    this.#take(length);
    return new ByteReader(this.#bytes, start, start + length);
  }

  /** Goes to the end over what does not matter. */
  skip(): void {
    this.at = this.#end;
  }

  list<T>(one: () => T): T[] {
    return Array.from({ length: this.unsigned() }, one);
  }

  #take(length: number): Uint8Array {
    const start = this.at;
    if (start + length > this.#end) throw new Refusal(`byte ${start} of the module: found its end, expected more`);
    this.at = start + length;
    return this.#bytes.subarray(start, this.at);
  }
}
