import { refuse } from '../refuse.ts';
import { readNpz, writeNpz } from './npz.ts';
import { writeNumbers } from './numberTypes.ts';
import { readJson, readRaw, writeJson } from './raw.ts';
import { type Named, readSafetensors, writeSafetensors } from './safetensors.ts';
import type { Precision, Weights } from './tensors.ts';

interface Format {
  read(bytes: Uint8Array): Weights;
  write(tensors: readonly Named[], precision: Precision, metadata: Readonly<Record<string, string>>): Uint8Array;
}

/** Every format of weights, by the ending of its files. */
const formats: Readonly<Record<string, Format>> = {
  safetensors: { read: readSafetensors, write: writeSafetensors },
  npz: { read: readNpz, write: writeNpz },
  f32: { read: (bytes) => readRaw(bytes, 'F32'), write: (tensors) => flat(tensors, 'F32') },
  f64: { read: (bytes) => readRaw(bytes, 'F64'), write: (tensors) => flat(tensors, 'F64') },
  json: { read: readJson, write: writeJson },
};

function flat(tensors: readonly Named[], precision: Precision): Uint8Array {
  return Buffer.concat(tensors.map(({ values }) => writeNumbers(values, precision)));
}

/** The weights in a file's bytes; its ending says how to read them. Throws SpecError where they are damaged. */
export function readWeights(file: string, bytes: Uint8Array): Weights {
  return formatOf(file).read(bytes);
}

/** The bytes of a file of weights; its ending says how to write them. */
export function writeWeights(
  file: string,
  tensors: readonly Named[],
  precision: Precision,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  return formatOf(file).write(tensors, precision, metadata);
}

function formatOf(file: string): Format {
  const ending = /\.([^./\\]*)$/.exec(file)?.[1]?.toLowerCase() ?? '';
  if (Object.hasOwn(formats, ending)) return formats[ending]!;
  const names = Object.keys(formats).map((name) => `.${name}`);
  if (/^(?:pt|pth|pkl|pickle|ckpt|bin)$/.test(ending)) {
    return refuse(
      '',
      `a .${ending} file, which can run code of whoever wrote it when it is read`,
      `${names.join(', ')}`,
    );
  }
  return refuse('', ending === '' ? 'a file name without an ending' : `a .${ending} file`, names.join(', '));
}
