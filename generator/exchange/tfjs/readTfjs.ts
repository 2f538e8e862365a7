import { type KerasModel, readConfig } from '../keras/model.ts';
import { quote, refuse } from '../refuse.ts';
import { numberTypes, readNumbers } from '../weights/numberTypes.ts';
import { elementCount, type WeightTensor } from '../weights/tensors.ts';

type Fields = Readonly<Record<string, unknown>>;

const types: Readonly<Record<string, string>> = {
  float32: 'F32',
  int32: 'I32',
  uint8: 'U8',
  uint16: 'U16',
  float16: 'F16',
  bool: 'BOOL',
};

const maxBytes = 2 ** 30;

/**
 * A layers model of TensorFlow.js: model.json, and beside it the files ("shards") of its weights.
 *
 * @param readBeside gives the bytes of a file in the same folder
 */
export function readTfjs(bytes: Uint8Array, readBeside: (path: string) => Uint8Array): KerasModel {
  const model = parse(bytes);
  const { format, modelTopology } = model;
  if (format === 'graph-model') refuse('format', 'a graph model', 'a layers model: model.save of tf.layers or Keras');
  if (!isRecord(modelTopology)) return refuse('modelTopology', 'nothing', 'a layers model');
  const config = isRecord(modelTopology.model_config) ? modelTopology.model_config : modelTopology;
  const weights = readManifest(model.weightsManifest, readBeside);
  const { layers, output } = readConfig(config);
  const names = new Set(layers.map(({ name }) => name));
  return {
    layers,
    output,
    weightsOf: ({ name }) =>
      weights.filter((weight) => ownerOf(weight.name, names) === name).map(({ tensor }) => tensor),
  };
}

/** `dense_1/kernel` belongs to dense_1; a path in front is that of the model. */
function ownerOf(weight: string, layers: ReadonlySet<string>): string | undefined {
  return weight
    .split('/')
    .slice(0, -1)
    .find((part) => layers.has(part));
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(bytes: Uint8Array): Fields {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (isRecord(value)) return value;
  } catch {
    // Told below.
  }
  return refuse('', 'no JSON object', 'the model.json of TensorFlow.js');
}

interface NamedTensor {
  readonly name: string;
  readonly tensor: WeightTensor;
}

/** Groups of weights, each with the files that hold them one after the other. */
function readManifest(manifest: unknown, readBeside: (path: string) => Uint8Array): readonly NamedTensor[] {
  if (!Array.isArray(manifest)) return refuse('weightsManifest', 'nothing', 'a list of weights');
  return manifest.flatMap((group: unknown) => {
    if (!isRecord(group) || !Array.isArray(group.paths) || !Array.isArray(group.weights)) {
      return refuse('weightsManifest', 'something else', 'paths and weights');
    }
    const parts = group.paths.map((path) => readBeside(String(path)));
    if (parts.reduce((total, { length }) => total + length, 0) > maxBytes)
      refuse('weightsManifest', 'too many bytes', `${maxBytes}`);
    const bytes = Buffer.concat(parts);
    let at = 0;
    return group.weights.map((weight: unknown) => {
      const { name, tensor, size } = readWeight(weight, bytes, at);
      at += size;
      return { name, tensor };
    });
  });
}

/** One weight; a quantised one is byte·scale + min. */
function readWeight(weight: unknown, bytes: Uint8Array, at: number): NamedTensor & { readonly size: number } {
  if (!isRecord(weight) || !Array.isArray(weight.shape))
    return refuse('weightsManifest', 'something else', 'name, shape and dtype');
  const name = String(weight.name);
  const shape = weight.shape as readonly number[];
  const count = elementCount(shape);
  const { quantization } = weight;
  const stored = isRecord(quantization) ? quantization.dtype : weight.dtype;
  const type =
    typeof stored === 'string' && Object.hasOwn(types, stored)
      ? types[stored]!
      : refuse(quote(name), `dtype ${quote(String(stored))}`, 'float32');
  const { size } = numberTypes[type]!;
  if (!shape.every((side) => Number.isSafeInteger(side) && side >= 0) || !(at + count * size <= bytes.length)) {
    refuse(
      quote(name),
      `shape [${shape.slice(0, 8).join(', ')}]`,
      `at most the ${bytes.length - at} bytes that are left`,
    );
  }
  const raw = readNumbers(bytes, at, count, numberTypes[type]!);
  const isScaled = isRecord(quantization) && type !== 'F16';
  const [scale, least] = isScaled ? [Number(quantization.scale), Number(quantization.min)] : [1, 0];
  return {
    name,
    tensor: { shape, type, values: isScaled ? raw.map((value) => value * scale + least) : raw },
    size: count * size,
  };
}
