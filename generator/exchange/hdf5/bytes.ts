import { refuse } from '../refuse.ts';

/** Steps that reading one file may take: groups, nodes, messages. A file of ten thousand layers takes fewer. */
const maxSteps = 1_000_000;

/** An address that says "nowhere". */
const nowhere = 2 ** 64;

/** The bytes of a file, read little-endian; every place is checked, and the work is counted. */
export class Bytes {
  readonly all: Uint8Array;
  readonly #view: DataView;
  #steps = 0;

  constructor(all: Uint8Array) {
    this.all = all;
    this.#view = new DataView(all.buffer, all.byteOffset, all.length);
  }

  /** Counts one step; loops of links would take forever. */
  step(): void {
    if (++this.#steps > maxSteps) refuse('', `more than ${maxSteps} links`, 'an HDF5 file without loops');
  }

  u8(at: number): number {
    return this.#at(at, 1).getUint8(at);
  }

  u16(at: number): number {
    return this.#at(at, 2).getUint16(at, true);
  }

  u32(at: number): number {
    return this.#at(at, 4).getUint32(at, true);
  }

  /** A length or an address; exact below 2^53, and a file is not that long. */
  u64(at: number): number {
    const view = this.#at(at, 8);
    const value = view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
    return value >= nowhere - 2048 ? -1 : value;
  }

  part(at: number, length: number): Uint8Array {
    this.#at(at, length);
    return this.all.subarray(at, at + length);
  }

  /** Text up to a zero byte, or `most` bytes of it. */
  text(at: number, most: number): string {
    const part = this.part(at, Math.max(0, Math.min(most, this.all.length - at)));
    const end = part.indexOf(0);
    return new TextDecoder().decode(end < 0 ? part : part.subarray(0, end));
  }

  isSigned(at: number, signature: string): boolean {
    return this.text(at, 4) === signature;
  }

  #at(at: number, length: number): DataView {
    if (!(at >= 0 && length >= 0 && at + length <= this.all.length)) {
      refuse('', `byte ${at} wanted of ${this.all.length}`, 'a whole HDF5 file');
    }
    return this.#view;
  }
}
