import { crc32, inflateRawSync } from 'node:zlib';
import { quote, refuse } from './refuse.ts';

/** No file of weights that longhand can use is larger unpacked; what claims to be is a bomb. */
const maxUnpacked = 2 ** 30;
const maxEntries = 65_535;

/** A file in an archive, unpacked when it is asked for. */
export interface ZipEntry {
  readonly name: string;
  /** @throws SpecError where it is damaged, or unpacks to more than it claims */
  bytes(): Uint8Array;
}

/**
 * The files of a zip archive, from its central directory (APPNOTE.TXT 4.3): stored or deflated, as numpy and Keras
 * write them. Sizes are checked before anything is unpacked, and their sum is bounded.
 */
export function readZip(file: Uint8Array): readonly ZipEntry[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const entries: ZipEntry[] = [];
  let total = 0;
  for (let n = 0; n < Math.min(count, maxEntries); n++) {
    if (at + 46 > file.length || view.getUint32(at, true) !== 0x02014b50) damaged('a directory that breaks off');
    const size = view.getUint32(at + 24, true);
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
      number,
      number,
      number,
    ];
    const name = new TextDecoder().decode(file.subarray(at + 46, at + 46 + nameLength));
    total += size;
    if (total > maxUnpacked) refuse(quote(name), `${total} bytes unpacked`, `at most ${maxUnpacked} (2^30)`);
    entries.push(entryAt(file, view, at, name, size));
    at += 46 + nameLength + extra + comment;
  }
  return entries;
}

function damaged(what: string): never {
  return refuse('', what, 'a whole zip archive');
}

/** The record at the end, behind which a comment may stand. */
function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - 22 - 65_535);
  for (let at = view.byteLength - 22; at >= first; at--) if (view.getUint32(at, true) === 0x06054b50) return at;
  return damaged('no end of a zip archive');
}

function entryAt(file: Uint8Array, view: DataView, at: number, name: string, size: number): ZipEntry {
  const method = view.getUint16(at + 10, true);
  const crc = view.getUint32(at + 16, true);
  const packed = view.getUint32(at + 20, true);
  const local = view.getUint32(at + 42, true);
  return {
    name,
    bytes() {
      if (local + 30 > file.length || view.getUint32(local, true) !== 0x04034b50)
        damaged(`${quote(name)} out of place`);
      const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      if (start + packed > file.length) damaged(`${quote(name)} that breaks off`);
      const bytes = unpack(file.subarray(start, start + packed), method, size, name);
      if (bytes.length !== size || crc32(bytes) !== crc) damaged(`${quote(name)} with other bytes than its checksum`);
      return bytes;
    },
  };
}

function unpack(packed: Uint8Array, method: number, size: number, name: string): Uint8Array {
  if (method === 0) return packed;
  if (method !== 8) return refuse(quote(name), `the compression ${method}`, 'deflate, or none');
  try {
    return size === 0 ? new Uint8Array(0) : inflateRawSync(packed, { maxOutputLength: size });
  } catch {
    return damaged(`${quote(name)} that does not unpack to the ${size} bytes it claims`);
  }
}

/** An archive without compression. Dates are those of 1980, so that the same files give the same bytes. */
export function writeZip(files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Uint8Array {
  const local: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const { name, bytes } of files) {
    const label = new TextEncoder().encode(name);
    // Version 2.0, no flags, stored, midnight of 1 January 1980.
    const shared = numbers([20, 2], [0, 2], [0, 2], [0, 2], [0x21, 2], [crc32(bytes), 4], [bytes.length, 4]);
    const sizes = numbers([bytes.length, 4], [label.length, 2], [0, 2]);
    local.push(numbers([0x04034b50, 4]), shared, sizes, label, bytes);
    directory.push(numbers([0x02014b50, 4], [20, 2]), shared, sizes);
    directory.push(numbers([0, 2], [0, 2], [0, 2], [0, 4], [at, 4]), label);
    at += 30 + label.length + bytes.length;
  }
  const size = directory.reduce((total, { length }) => total + length, 0);
  const end = numbers([0x06054b50, 4], [0, 4], [files.length, 2], [files.length, 2], [size, 4], [at, 4], [0, 2]);
  return join([...local, ...directory, end]);
}

/** Numbers of so many bytes each, little-endian. */
function numbers(...fields: readonly (readonly [value: number, bytes: number])[]): Uint8Array {
  return Uint8Array.from(fields.flatMap(([value, size]) => Array.from({ length: size }, (_, n) => value >>> (8 * n))));
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
