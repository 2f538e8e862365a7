import { quote, refuse, showShape } from '../refuse.ts';
import { numberTypes, readNumbers, writeNumbers } from './numberTypes.ts';
import { elementCount, type Precision, type Weights, type WeightTensor } from './tensors.ts';

/** The format's own limit for its header. */
const maxHeader = 100_000_000;

/**
 * Reads a safetensors file: eight bytes that say how long the header is, the header as JSON (each tensor's type, shape
 * and place), then the numbers. Everything is checked before any number is read: the tensors must fill the rest of the
 * file without a hole or an overlap (https://huggingface.co/docs/safetensors).
 *
 * @throws SpecError that names the tensor
 */
export function readSafetensors(bytes: Uint8Array): Extract<Weights, { kind: 'named' }> {
  const { header, start } = readHeader(bytes);
  const metadata = readMetadata(header.__metadata__);
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  const places = entries
    .map(([name, value]) => readEntry(name, value))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const place of places) {
    if (place.begin !== end) {
      refuse(place.name, `numbers from byte ${place.begin} on`, `them to begin where those before end, at byte ${end}`);
    }
    end = place.end;
  }
  if (start + end !== bytes.length) {
    refuse('', `${bytes.length - start} bytes of numbers`, `the ${end} bytes that the header tells of`);
  }
  const tensors = new Map<string, WeightTensor>();
  // In the header's order, in which whoever wrote the file thinks of them.
  const byName = new Map(places.map((place) => [place.name, place]));
  for (const [name] of entries) {
    const { type, shape, begin } = byName.get(name)!;
    const values = readNumbers(bytes, start + begin, elementCount(shape), numberTypes[type]!);
    tensors.set(name, { type, shape, values });
  }
  return { kind: 'named', tensors, metadata };
}

function readHeader(bytes: Uint8Array): { header: Readonly<Record<string, unknown>>; start: number } {
  if (bytes.length < 8) refuse('', `${bytes.length} bytes`, 'a safetensors file, which has at least 8');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = view.getUint32(0, true) + view.getUint32(4, true) * 2 ** 32;
  if (length > maxHeader || length > bytes.length - 8) {
    const most = Math.min(maxHeader, bytes.length - 8);
    refuse('', `a header of ${length} bytes`, `a safetensors file, whose header has at most ${most} here`);
  }
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  const header = parseJson(text);
  if (!isRecord(header)) refuse('', 'a header that is no JSON object', 'a safetensors file');
  return { header, start: 8 + length };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readMetadata(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (isRecord(value) && Object.values(value).every((one) => typeof one === 'string')) {
    return value as Readonly<Record<string, string>>;
  }
  return refuse('__metadata__', 'something else', 'an object of strings');
}

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function readEntry(name: string, value: unknown): Entry {
  const place = quote(name);
  if (!isRecord(value)) return refuse(place, 'no object', 'dtype, shape and data_offsets');
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Object.hasOwn(numberTypes, dtype)) {
    return refuse(`${place}.dtype`, quote(String(dtype)), `one of ${Object.keys(numberTypes).join(', ')}`);
  }
  if (!isCounts(shape) || shape.length > 32) return refuse(`${place}.shape`, 'something else', 'an array of sizes');
  if (!isCounts(offsets) || offsets.length !== 2)
    return refuse(`${place}.data_offsets`, 'something else', 'two offsets');
  const [begin, end] = offsets as [number, number];
  const needed = elementCount(shape) * numberTypes[dtype]!.size;
  if (end - begin !== needed) {
    refuse(place, `${end - begin} bytes for ${dtype} ${showShape(shape)}`, `${needed} bytes`);
  }
  return { name, type: dtype, shape, begin, end };
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((one) => Number.isSafeInteger(one) && one >= 0);
}

/** A tensor to be written. */
export interface Named {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** The bytes of a safetensors file, all tensors in one precision; the same tensors give the same bytes everywhere. */
export function writeSafetensors(
  tensors: readonly Named[],
  type: Precision,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  let end = 0;
  const entries = tensors.map(({ name, shape, values }) => {
    const begin = end;
    end += values.length * numberTypes[type]!.size;
    return [name, { dtype: type, shape, data_offsets: [begin, end] }] as const;
  });
  const isEmpty = Object.keys(metadata).length === 0;
  const header = JSON.stringify(Object.fromEntries([...(isEmpty ? [] : [['__metadata__', metadata]]), ...entries]));
  const unpadded = new TextEncoder().encode(header);
  // Spaces behind the header put the numbers on a multiple of eight bytes, where arrays can view them.
  const length = Math.ceil(unpadded.length / 8) * 8;
  const file = new Uint8Array(8 + length + end).fill(0x20, 8, 8 + length);
  new DataView(file.buffer).setUint32(0, length, true);
  file.set(unpadded, 8);
  let at = 8 + length;
  for (const { values } of tensors) {
    const numbers = writeNumbers(values, type);
    file.set(numbers, at);
    at += numbers.length;
  }
  return file;
}
