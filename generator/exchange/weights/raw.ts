import { quote, refuse, showShape } from '../refuse.ts';
import { numberTypes, readNumbers } from './numberTypes.ts';
import type { Named } from './safetensors.ts';
import type { Precision, Weights, WeightTensor } from './tensors.ts';

/** Little-endian numbers and nothing else, in the order of `network.parameters`. */
export function readRaw(bytes: Uint8Array, type: Precision): Weights {
  const { size } = numberTypes[type]!;
  if (bytes.length % size !== 0) refuse('', `${bytes.length} bytes`, `a multiple of ${size}`);
  return { kind: 'flat', type, values: readNumbers(bytes, 0, bytes.length / size, numberTypes[type]!) };
}

/**
 * JSON: the flat array in the order of `network.parameters`, or an object of arrays, nested as the shapes are:
 * `{ "dense1/kernel": [[0.1, 0.2]], "dense1/bias": [0, 0] }`.
 */
export function readJson(bytes: Uint8Array): Weights {
  const value = parse(new TextDecoder().decode(bytes).replace(/^\uFEFF/, ''));
  if (Array.isArray(value)) return { kind: 'flat', type: 'F64', values: readArray(value, '').values };
  if (typeof value !== 'object' || value === null) return refuse('', 'no weights', expected);
  const tensors = new Map(Object.entries(value).map(([name, array]) => [name, readArray(array, quote(name))]));
  return { kind: 'named', tensors, metadata: {} };
}

const expected = 'an array of numbers, or an object of such arrays by name';

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse('', 'no JSON', expected);
  }
}

function readArray(array: unknown, place: string): WeightTensor {
  const shape: number[] = [];
  for (let inner = array; Array.isArray(inner); inner = inner[0]) shape.push(inner.length);
  if (shape.length === 0 || shape.length > 32) refuse(place, 'no array', expected);
  const values: number[] = [];
  collect(array, shape, 0, values, place);
  return { type: 'F64', shape, values: Float64Array.from(values) };
}

function collect(value: unknown, shape: readonly number[], axis: number, values: number[], place: string): void {
  if (axis === shape.length) {
    if (typeof value !== 'number') refuse(place, 'something else among the numbers', 'numbers only');
    values.push(value);
    return;
  }
  if (!Array.isArray(value) || value.length !== shape[axis]) {
    refuse(place, 'rows of several lengths', `rows that all fit the shape ${showShape(shape)}`);
  }
  for (const one of value) collect(one, shape, axis + 1, values, place);
}

/** Weights as JSON by name, nested as the shapes are: readable, and exact. */
export function writeJson(tensors: readonly Named[]): Uint8Array {
  const lines = tensors.map(({ name, shape, values }) => {
    for (let n = 0; n < values.length; n++) {
      if (!Number.isFinite(values[n])) refuse(quote(name), `${values[n]}`, 'finite numbers: JSON has no others');
    }
    return `  ${JSON.stringify(name)}: ${nest(Array.from(values, text), shape)}`;
  });
  return new TextEncoder().encode(`{\n${lines.join(',\n')}\n}\n`);
}

/** Shortest text that is read as the same number; JSON.stringify drops the sign of −0. */
function text(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Rows in brackets, from the innermost axis outwards. */
function nest(values: readonly string[], shape: readonly number[]): string {
  const whole = shape.reduceRight<readonly string[]>((inner, size) => {
    const count = size === 0 ? 1 : inner.length / size;
    return Array.from({ length: count }, (_, n) => `[${inner.slice(n * size, (n + 1) * size).join(',')}]`);
  }, values);
  return whole[0] ?? '[]';
}
