import { quote, refuse } from '../refuse.ts';
import { numberTypes, roundToEven, toHalf, writeNumbers } from './numberTypes.ts';
import { elementCount, type Slot } from './tensors.ts';

/** How a module keeps the weights that are built into it. */
export const weightPrecisions = ['float64', 'float32', 'float16', 'int8'] as const;

export type WeightPrecision = (typeof weightPrecisions)[number];

/** Weights as bytes for a module. */
export interface PackedWeights {
  readonly precision: WeightPrecision;
  readonly bytes: Uint8Array;
  /** With int8: how each parameter lies in the bytes; empty otherwise. */
  readonly pieces: readonly Int8Piece[];
}

/**
 * One parameter in int8: first a scale for each channel in float32, then a byte for each number; number n is
 * byte·scale[⌊n/stride⌋ mod channels]. Without channels it is kept in float32.
 */
export interface Int8Piece {
  readonly count: number;
  readonly channels: number;
  readonly stride: number;
}

/** The largest finite binary16. */
const largestHalf = 65504;

/**
 * Packs the flat array of a network's parameters.
 *
 * @throws SpecError where a number is not finite, or too large for float16
 */
export function packWeights(
  slots: readonly Slot[],
  values: ArrayLike<number>,
  precision: WeightPrecision = 'float32',
): PackedWeights {
  refuseOutside(
    slots,
    values,
    precision === 'float16' ? largestHalf : precision === 'float64' ? Number.MAX_VALUE : largestSingle,
  );
  if (precision === 'int8') return packBytes(slots, values);
  return { precision, bytes: bytesOf[precision](values), pieces: [] };
}

const largestSingle = (2 - 2 ** -23) * 2 ** 127;

const bytesOf = {
  float64: (values: ArrayLike<number>) => writeNumbers(values, 'F64'),
  float32: (values: ArrayLike<number>) => writeNumbers(values, 'F32'),
  float16(values: ArrayLike<number>): Uint8Array {
    const bytes = new Uint8Array(2 * values.length);
    const view = new DataView(bytes.buffer);
    for (let n = 0; n < values.length; n++) view.setUint16(2 * n, toHalf(values[n]!), true);
    return bytes;
  },
};

function refuseOutside(slots: readonly Slot[], values: ArrayLike<number>, largest: number): void {
  for (const { name, shape, offset } of slots) {
    for (let n = offset; n < offset + elementCount(shape); n++) {
      if (Math.abs(values[n]!) <= largest) continue;
      refuse(quote(name), `${values[n]}`, `finite numbers of at most ${largest}`);
    }
  }
}

function packBytes(slots: readonly Slot[], values: ArrayLike<number>): PackedWeights {
  const parts: Uint8Array[] = [];
  const pieces = slots.map(({ shape, offset }) => {
    const count = elementCount(shape);
    const own = Float64Array.from({ length: count }, (_, n) => values[offset + n]!);
    const best = shape.length < 2 ? undefined : bestAxis(own, shape);
    if (best === undefined) parts.push(writeNumbers(own, 'F32'));
    else parts.push(writeNumbers(best.scales, 'F32'), new Uint8Array(best.bytes.buffer));
    return { count, channels: best?.scales.length ?? 0, stride: best?.stride ?? 1 };
  });
  return { precision: 'int8', bytes: Buffer.concat(parts), pieces };
}

interface Quantised {
  readonly scales: Float32Array;
  readonly bytes: Int8Array;
  readonly stride: number;
  readonly error: number;
}

/**
 * The axis along which scales lose least. It is the one of the output channels as a rule, and that of the input where
 * every channel has a kernel of its own: measured, so that nothing here need know the layers.
 */
function bestAxis(values: Float64Array, shape: readonly number[]): Quantised {
  const candidates = shape.map((channels, axis) => quantise(values, channels, elementCount(shape.slice(axis + 1))));
  return candidates.reduceRight((best, one) => (one.error < best.error ? one : best));
}

function quantise(values: Float64Array, channels: number, stride: number): Quantised {
  const channelOf = (n: number) => Math.floor(n / stride) % channels;
  const scales = new Float32Array(channels);
  for (let n = 0; n < values.length; n++) {
    scales[channelOf(n)] = Math.max(scales[channelOf(n)]!, Math.abs(values[n]!) / 127);
  }
  const bytes = new Int8Array(values.length);
  let error = 0;
  for (let n = 0; n < values.length; n++) {
    const scale = scales[channelOf(n)]!;
    if (scale > 0) bytes[n] = Math.max(-127, Math.min(127, roundToEven(values[n]! / scale)));
    error += (bytes[n]! * scale - values[n]!) ** 2;
  }
  return { scales, bytes, stride, error };
}

/** The numbers that a module with these weights starts from: what its own code does. */
export function unpackWeights({ precision, bytes, pieces }: PackedWeights): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (precision === 'int8') return unpackBytes(view, pieces);
  const { size, read } = numberTypes[{ float64: 'F64', float32: 'F32', float16: 'F16' }[precision]]!;
  return Float64Array.from({ length: bytes.length / size }, (_, n) => read(view, n * size));
}

function unpackBytes(view: DataView, pieces: readonly Int8Piece[]): Float64Array {
  const values: number[] = [];
  let at = 0;
  for (const { count, channels, stride } of pieces) {
    const scales = at;
    at += 4 * channels;
    for (let n = 0; n < count; n++) {
      const scale = channels === 0 ? 1 : view.getFloat32(scales + 4 * (Math.floor(n / stride) % channels), true);
      values.push(scale * (channels === 0 ? view.getFloat32(at, true) : view.getInt8(at)));
      at += channels === 0 ? 4 : 1;
    }
  }
  return Float64Array.from(values);
}
