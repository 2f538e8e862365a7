/** Reads one number of a stored type; little-endian. */
interface NumberType {
  /** Bytes. */
  readonly size: number;
  read(view: DataView, at: number): number;
}

/** The number types of safetensors (https://huggingface.co/docs/safetensors), under its names. */
export const numberTypes: Readonly<Record<string, NumberType>> = {
  F64: { size: 8, read: (view, at) => view.getFloat64(at, true) },
  F32: { size: 4, read: (view, at) => view.getFloat32(at, true) },
  F16: { size: 2, read: (view, at) => fromHalf(view.getUint16(at, true)) },
  BF16: { size: 2, read: (view, at) => fromBrainFloat(view.getUint16(at, true)) },
  I64: { size: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  U64: { size: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  I32: { size: 4, read: (view, at) => view.getInt32(at, true) },
  U32: { size: 4, read: (view, at) => view.getUint32(at, true) },
  I16: { size: 2, read: (view, at) => view.getInt16(at, true) },
  U16: { size: 2, read: (view, at) => view.getUint16(at, true) },
  I8: { size: 1, read: (view, at) => view.getInt8(at) },
  U8: { size: 1, read: (view, at) => view.getUint8(at) },
  BOOL: { size: 1, read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) },
};

/** `count` numbers of a type from a place in some bytes, which the caller knows to be there. */
export function readNumbers(bytes: Uint8Array, at: number, count: number, { size, read }: NumberType): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, count * size);
  const values = new Float64Array(count);
  for (let n = 0; n < count; n++) values[n] = read(view, n * size);
  return values;
}

/** Numbers as the bytes of float32 or float64, little-endian. */
export function writeNumbers(values: ArrayLike<number>, type: 'F32' | 'F64'): Uint8Array {
  const { size } = numberTypes[type]!;
  const bytes = new Uint8Array(values.length * size);
  const view = new DataView(bytes.buffer);
  for (let n = 0; n < values.length; n++) {
    if (type === 'F32') view.setFloat32(n * size, values[n]!, true);
    else view.setFloat64(n * size, values[n]!, true);
  }
  return bytes;
}

/** IEEE 754 binary16: a sign, five bits of exponent, ten of fraction. */
export function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** The nearest binary16, ties to even; too large is an infinity. */
export function toHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  // The last place of a binary16 of this size; below 2^-14 they are all 2^-24 apart.
  const exponent = size < 2 ** -14 ? -14 : Math.min(15, floorLog2(size));
  const place = 2 ** (exponent - 10);
  const steps = roundToEven(size / place);
  // With the exponent's own bit among the steps, a carry raises the exponent as it should.
  return sign | (steps + (exponent + 14) * 1024);
}

function floorLog2(size: number): number {
  const estimate = Math.floor(Math.log2(size));
  // log2 is rounded, and may round across a power of two.
  if (2 ** estimate > size) return estimate - 1;
  return 2 ** (estimate + 1) <= size ? estimate + 1 : estimate;
}

export function roundToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** bfloat16 is the upper half of a float32. */
function fromBrainFloat(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits << 16);
  return view.getFloat32(0);
}
