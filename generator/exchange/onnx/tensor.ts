import { quote, refuse, showShape } from '../refuse.ts';
import { numberTypes, readNumbers } from '../weights/numberTypes.ts';
import type { TensorProto } from './schema.ts';
import type { Constant } from './value.ts';

/** ONNX's number types (TensorProto.DataType) under the names of safetensors; strings and complex numbers are not read. */
const typeNames: Readonly<Record<number, string>> = {
  1: 'F32',
  2: 'U8',
  3: 'I8',
  4: 'U16',
  5: 'I16',
  6: 'I32',
  7: 'I64',
  9: 'BOOL',
  10: 'F16',
  11: 'F64',
  12: 'U32',
  13: 'U64',
  16: 'BF16',
};

/** Larger tensors are of no network that longhand can write. */
export const maxNumbers = 2 ** 26;

/** Gives the bytes of a file beside the model. Throws SpecError where there is none. */
export type ReadBeside = (location: string) => Uint8Array;

/** The numbers of a tensor, wherever the file keeps them. Throws SpecError where they are not as many as its shape says. */
export function readTensor(tensor: TensorProto, readBeside: ReadBeside): Constant {
  const place = `tensor ${quote(tensor.name ?? '')}`;
  const dims = tensor.dims;
  const count = dims.reduce((product, size) => product * size, 1);
  if (dims.length > 16 || dims.some((size) => size < 0) || !(count <= maxNumbers)) {
    refuse(place, `shape ${showShape(dims)}`, `at most ${maxNumbers} numbers`);
  }
  const type = typeNames[tensor.dataType ?? 0];
  if (type === undefined)
    return refuse(place, `the number type ${tensor.dataType ?? 0}`, 'a type of numbers (float32, …)');
  const isInteger = /^(?:[IU]|BOOL)/.test(type);
  const values = valuesOf(tensor, type, count, place, readBeside);
  if (values.length !== count) refuse(place, `${values.length} numbers`, `${count} for shape ${showShape(dims)}`);
  return { kind: 'constant', dims, values, isInteger };
}

function valuesOf(
  tensor: TensorProto,
  type: string,
  count: number,
  place: string,
  readBeside: ReadBeside,
): Float64Array {
  const raw = tensor.dataLocation === 1 ? externalBytes(tensor, place, readBeside) : tensor.rawData;
  const { floatData = [], doubleData = [], int64Data = [], uint64Data = [], int32Data = [] } = tensor;
  const numberType = numberTypes[type]!;
  if (raw !== undefined && (raw.length > 0 || count === 0)) {
    if (raw.length !== count * numberType.size) {
      refuse(place, `${raw.length} bytes`, `${count * numberType.size} for ${count} numbers of ${type}`);
    }
    return readNumbers(raw, 0, count, numberType);
  }
  const listed = [floatData, doubleData, int64Data, uint64Data, int32Data].find((list) => list.length > 0) ?? [];
  // float16 stands as its bits among the integers.
  return type === 'F16' || type === 'BF16' ? fromBits(listed, numberType) : Float64Array.from(listed);
}

function fromBits(bits: readonly number[], { read }: (typeof numberTypes)[string]): Float64Array {
  const view = new DataView(new ArrayBuffer(2));
  return Float64Array.from(bits, (one) => {
    view.setUint16(0, one, true);
    return read(view, 0);
  });
}

function externalBytes({ externalData = [] }: TensorProto, place: string, readBeside: ReadBeside): Uint8Array {
  const field = (key: string) => externalData.find((entry) => entry.key === key)?.value;
  const location = field('location') ?? '';
  const bytes = readBeside(location);
  const offset = Number(field('offset') ?? 0);
  const length = Number(field('length') ?? bytes.length - offset);
  const fits = Number.isSafeInteger(offset) && Number.isSafeInteger(length) && offset >= 0 && length >= 0;
  if (!fits || offset + length > bytes.length) {
    refuse(
      place,
      `bytes ${offset} to ${offset + length} of ${quote(location)}`,
      `a place within its ${bytes.length} bytes`,
    );
  }
  return bytes.subarray(offset, offset + length);
}
