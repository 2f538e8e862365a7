import { quote, refuse, showShape } from '../refuse.ts';
import { readZip, writeZip } from '../zip.ts';
import { numberTypes, readNumbers, writeNumbers } from './numberTypes.ts';
import type { Named } from './safetensors.ts';
import { elementCount, type Precision, type Weights, type WeightTensor } from './tensors.ts';

/** numpy's names of the types, for little-endian machines. */
const typeOf: Readonly<Record<string, string>> = {
  '<f8': 'F64',
  '<f4': 'F32',
  '<f2': 'F16',
  '<i8': 'I64',
  '<i4': 'I32',
  '<i2': 'I16',
  '|i1': 'I8',
  '|u1': 'U8',
  '|b1': 'BOOL',
};

/** Reads what `numpy.savez` or `savez_compressed` wrote: a zip archive of `<name>.npy`. Never a pickle. */
export function readNpz(bytes: Uint8Array): Extract<Weights, { kind: 'named' }> {
  const tensors = new Map<string, WeightTensor>();
  for (const entry of readZip(bytes)) {
    if (!entry.name.endsWith('.npy')) continue;
    tensors.set(entry.name.slice(0, -'.npy'.length), readNpy(entry.bytes(), entry.name));
  }
  return { kind: 'named', tensors, metadata: {} };
}

/** One array (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). */
function readNpy(bytes: Uint8Array, name: string): WeightTensor {
  const place = quote(name);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isNumpy = bytes.length >= 12 && view.getUint32(0) === 0x934e554d && view.getUint16(4) === 0x5059;
  if (!isNumpy) return refuse(place, 'no array of numpy', 'a .npy file');
  const isFirst = view.getUint8(6) === 1;
  const start = isFirst ? 10 : 12;
  const length = isFirst ? view.getUint16(8, true) : view.getUint32(8, true);
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, Math.min(start + length, start + 4096)));
  const type = typeOf[/'descr':\s*'([^']*)'/.exec(header)?.[1] ?? ''];
  const sizes = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (type === undefined || sizes === undefined) {
    return refuse(place, quote(header.trim()), `an array of ${Object.keys(typeOf).join(', ')}`);
  }
  const shape = sizes.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)]));
  if (shape.length > 1 && header.includes("'fortran_order': True")) {
    return refuse(place, 'columns first', 'rows first: numpy.ascontiguousarray');
  }
  const count = elementCount(shape);
  const left = bytes.length - start - length;
  if (left !== count * numberTypes[type]!.size) {
    return refuse(
      place,
      `${left} bytes of numbers`,
      `${count * numberTypes[type]!.size} for ${type} ${showShape(shape)}`,
    );
  }
  return { type, shape, values: readNumbers(bytes, start + length, count, numberTypes[type]!) };
}

/** The bytes of a `.npz` that `numpy.load` reads. */
export function writeNpz(tensors: readonly Named[], precision: Precision): Uint8Array {
  return writeZip(tensors.map((tensor) => ({ name: `${tensor.name}.npy`, bytes: writeNpy(tensor, precision) })));
}

function writeNpy({ shape, values }: Named, precision: Precision): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const facts = `{'descr': '${precision === 'F32' ? '<f4' : '<f8'}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // Spaces up to a multiple of 64 bytes, with the ten in front and the line end behind.
  const header = new TextEncoder().encode(`${facts.padEnd(Math.ceil((facts.length + 11) / 64) * 64 - 11)}\n`);
  const numbers = writeNumbers(values, precision);
  const file = new Uint8Array(10 + header.length + numbers.length);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  file.set(header, 10);
  file.set(numbers, 10 + header.length);
  return file;
}
