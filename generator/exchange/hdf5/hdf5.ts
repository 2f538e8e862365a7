import { inflateSync } from 'node:zlib';
import { quote, refuse, showShape } from '../refuse.ts';
import { numberTypes, readNumbers } from '../weights/numberTypes.ts';
import type { WeightTensor } from '../weights/tensors.ts';
import { Bytes } from './bytes.ts';
import { type Message, messagesOf, messageTypes, readAttribute, readDataspace, readDatatype } from './messages.ts';

/**
 * Reads HDF5 files as h5py writes them for Keras (superblock 0, groups of symbol tables, contiguous or deflated data):
 * https://docs.hdfgroup.org/archive/support/HDF5/doc/H5.format.html. Links are counted, sizes checked against the file.
 */
export class Hdf5Group {
  readonly #bytes: Bytes;
  readonly #messages: readonly Message[];
  readonly #path: string;
  #links: ReadonlyMap<string, number> | undefined;

  constructor(bytes: Bytes, address: number, path: string) {
    this.#bytes = bytes;
    this.#messages = messagesOf(bytes, address);
    this.#path = path;
  }

  /** An attribute's values; undefined where there is none. */
  attribute(name: string): readonly (string | number)[] | undefined {
    for (const message of this.#messages) {
      if (message.type !== messageTypes.attribute) continue;
      const attribute = readAttribute(this.#bytes, message);
      if (attribute.name === name) return attribute.values;
    }
    return undefined;
  }

  /** The names of what is in the group. */
  get names(): readonly string[] {
    return [...this.#linksOf().keys()];
  }

  /** What lies under a path, `a/b/c`; undefined where there is nothing. */
  at(path: string): Hdf5Group | undefined {
    let group: Hdf5Group = this;
    for (const name of path.split('/').filter((part) => part !== '')) {
      const address = group.#linksOf().get(name);
      if (address === undefined) return undefined;
      group = new Hdf5Group(this.#bytes, address, `${group.#path}/${name}`);
    }
    return group;
  }

  get isDataset(): boolean {
    return this.#messages.some(({ type }) => type === messageTypes.layout);
  }

  /** The numbers of a dataset. */
  tensor(): WeightTensor {
    const bytes = this.#bytes;
    const place = quote(this.#path);
    const [space, type, layout] = [messageTypes.dataspace, messageTypes.datatype, messageTypes.layout].map((wanted) =>
      this.#messages.find((message) => message.type === wanted),
    );
    if (space === undefined || type === undefined || layout === undefined) return refuse(place, 'no dataset', 'one');
    const shape = readDataspace(bytes, space.at);
    const datatype = readDatatype(bytes, type.at);
    if (datatype.kind !== 'number') return refuse(place, 'texts', 'numbers');
    const count = shape.reduce((product, size) => product * size, 1);
    if (!(count <= 2 ** 27)) refuse(place, `shape ${showShape(shape)}`, 'at most 2^27 numbers');
    const filters = this.#messages.find((message) => message.type === messageTypes.filters);
    const raw = readLayout(bytes, layout, { shape, size: datatype.size, count }, filters, place);
    return { shape, type: datatype.type, values: readNumbers(raw, 0, count, numberTypes[datatype.type]!) };
  }

  #linksOf(): ReadonlyMap<string, number> {
    this.#links ??= this.#readLinks();
    return this.#links;
  }

  #readLinks(): ReadonlyMap<string, number> {
    const table = this.#messages.find(({ type }) => type === messageTypes.symbols);
    const links = new Map<string, number>();
    if (table === undefined) return links;
    const bytes = this.#bytes;
    const [tree, heap] = [bytes.u64(table.at), bytes.u64(table.at + 8)];
    if (!bytes.isSigned(heap, 'HEAP')) refuse(quote(this.#path), 'a group without names', 'a whole HDF5 file');
    const names = bytes.u64(heap + 24);
    for (const node of leavesOf(bytes, tree, 0, 8, 0)) {
      if (!bytes.isSigned(node, 'SNOD')) refuse(quote(this.#path), 'a group without links', 'a whole HDF5 file');
      for (let n = 0; n < bytes.u16(node + 6); n++) {
        bytes.step();
        const entry = node + 8 + 40 * n;
        links.set(bytes.text(names + bytes.u64(entry), 1024), bytes.u64(entry + 8));
      }
    }
    return links;
  }
}

const maxDepth = 32;

/** The children of the lowest nodes of a version 1 B-tree; each has a key of `keySize` bytes in front. */
function leavesOf(bytes: Bytes, address: number, type: number, keySize: number, depth: number): readonly number[] {
  if (depth > maxDepth || !bytes.isSigned(address, 'TREE') || bytes.u8(address + 4) !== type) {
    return refuse('', 'a damaged tree', 'a whole HDF5 file');
  }
  const level = bytes.u8(address + 5);
  const children = Array.from({ length: bytes.u16(address + 6) }, (_, n) => {
    bytes.step();
    return address + 24 + n * (keySize + 8) + keySize;
  });
  if (level === 0) return type === 0 ? children.map((at) => bytes.u64(at)) : children;
  return children.flatMap((at) => leavesOf(bytes, bytes.u64(at), type, keySize, depth + 1));
}

interface Extent {
  readonly shape: readonly number[];
  readonly size: number;
  readonly count: number;
}

function readLayout(
  bytes: Bytes,
  { at }: Message,
  extent: Extent,
  filters: Message | undefined,
  place: string,
): Uint8Array {
  const length = extent.count * extent.size;
  if (bytes.u8(at) !== 3) refuse(place, `a layout of version ${bytes.u8(at)}`, 'version 3, as h5py writes');
  const kind = bytes.u8(at + 1);
  if (kind === 0) return bytes.part(at + 4, length);
  if (kind === 2) return readChunks(bytes, at, extent, filters, place);
  const address = bytes.u64(at + 2);
  // Nothing was ever written: zeros.
  return address < 0 ? new Uint8Array(Math.min(length, 2 ** 20)) : bytes.part(address, length);
}

/** Pieces of equal shape, each perhaps deflated. */
function readChunks(
  bytes: Bytes,
  at: number,
  { shape, size, count }: Extent,
  filters: Message | undefined,
  place: string,
): Uint8Array {
  const rank = bytes.u8(at + 2);
  if (rank !== shape.length + 1) refuse(place, 'pieces of another shape', 'a whole HDF5 file');
  const chunk = shape.map((_, axis) => bytes.u32(at + 11 + 4 * axis));
  const chunkBytes = chunk.reduce((product, side) => product * side, size);
  if (!(chunkBytes > 0 && chunkBytes <= 2 ** 28)) refuse(place, `pieces of ${chunkBytes} bytes`, 'at most 2^28');
  const whole = new Uint8Array(count * size);
  const steps = filtersOf(bytes, filters, place);
  for (const child of leavesOf(bytes, bytes.u64(at + 3), 1, 8 + 8 * rank, 0)) {
    const key = child - 8 - 8 * rank;
    const offsets = shape.map((_, axis) => bytes.u64(key + 8 + 8 * axis));
    const packed = bytes.part(bytes.u64(child), bytes.u32(key));
    copyChunk(whole, unpack(packed, steps, chunkBytes, size, place), shape, chunk, offsets, size);
  }
  return whole;
}

function filtersOf(bytes: Bytes, filters: Message | undefined, place: string): readonly number[] {
  if (filters === undefined) return [];
  const steps: number[] = [];
  let at = filters.at + (bytes.u8(filters.at) === 1 ? 8 : 2);
  for (let n = 0; n < bytes.u8(filters.at + 1); n++) {
    const [id, nameLength, values] = [bytes.u16(at), bytes.u16(at + 2), bytes.u16(at + 6)];
    if (id !== 1 && id !== 2) refuse(place, `the filter ${id}`, 'gzip, shuffle, or none');
    steps.push(id);
    at += 8 + nameLength + 4 * (values + (values % 2));
  }
  return steps;
}

function unpack(packed: Uint8Array, steps: readonly number[], length: number, size: number, place: string): Uint8Array {
  let bytes = packed;
  for (const step of [...steps].reverse()) {
    if (step === 1) bytes = inflate(bytes, length, place);
    else bytes = unshuffle(bytes, size);
  }
  if (bytes.length < length) refuse(place, `a piece of ${bytes.length} bytes`, `${length}`);
  return bytes;
}

function inflate(bytes: Uint8Array, length: number, place: string): Uint8Array {
  try {
    return inflateSync(bytes, { maxOutputLength: length });
  } catch {
    return refuse(place, 'a piece that does not unpack to its size', 'a whole HDF5 file');
  }
}

/** First bytes of all elements, then second bytes, …: back to element by element. */
function unshuffle(bytes: Uint8Array, size: number): Uint8Array {
  const count = Math.floor(bytes.length / size);
  return Uint8Array.from({ length: count * size }, (_, n) => bytes[(n % size) * count + Math.floor(n / size)]!);
}

function copyChunk(
  whole: Uint8Array,
  piece: Uint8Array,
  shape: readonly number[],
  chunk: readonly number[],
  offsets: readonly number[],
  size: number,
): void {
  const last = shape.length - 1;
  const run = Math.min(chunk[last]!, shape[last]! - offsets[last]!) * size;
  const rows = chunk.slice(0, -1).reduce((product, side) => product * side, 1);
  for (let row = 0; row < rows && run > 0; row++) {
    let [rest, to, stride, isInside] = [row, offsets[last]!, shape[last]!, true];
    for (let axis = last - 1; axis >= 0; axis--) {
      const place = offsets[axis]! + (rest % chunk[axis]!);
      rest = Math.floor(rest / chunk[axis]!);
      isInside &&= place < shape[axis]!;
      to += place * stride;
      stride *= shape[axis]!;
    }
    if (isInside) whole.set(piece.subarray(row * chunk[last]! * size, row * chunk[last]! * size + run), to * size);
  }
}

/** The root group of a file. Throws SpecError where it is none that h5py writes. */
export function readHdf5(file: Uint8Array): Hdf5Group {
  const bytes = new Bytes(file);
  const isHdf5 = file.length > 96 && bytes.u32(0) === 0x46444889 && bytes.u32(4) === 0x0a1a0a0d;
  if (!isHdf5) return refuse('', 'another format', 'an HDF5 file');
  if (bytes.u8(8) !== 0)
    return refuse('', `superblock ${bytes.u8(8)}`, "superblock 0, as h5py writes: libver='earliest'");
  if (bytes.u8(13) !== 8 || bytes.u8(14) !== 8) return refuse('', 'short addresses', 'addresses of 8 bytes');
  return new Hdf5Group(bytes, bytes.u64(64), '');
}
