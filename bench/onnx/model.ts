import { isPool, length, type NetworkSpec, type Stage, stagesOf } from '../core/network.ts';
import { importPeer } from '../core/peers.ts';
import { channelsFirstPlaces, flattenedImages, gather, weightsOf } from '../engines/layout.ts';

/** What is used of protobufjs. */
interface Protobuf {
  readonly Root: {
    fromJSON(schema: object): {
      lookupType(name: string): {
        verify(message: object): string | null;
        create(message: object): object;
        encode(message: object): { finish(): Uint8Array };
      };
    };
  };
}

const field = (type: string, id: number, rule?: 'repeated') => ({ type, id, ...(rule ? { rule } : {}) });

/** The part of onnx.proto (ONNX IR version 8) that a small convolutional network needs, with its field numbers. */
const schema = {
  nested: {
    Model: {
      fields: {
        irVersion: field('int64', 1),
        opsetImport: field('Opset', 8, 'repeated'),
        producerName: field('string', 2),
        graph: field('Graph', 7),
      },
    },
    Opset: { fields: { domain: field('string', 1), version: field('int64', 2) } },
    Graph: {
      fields: {
        node: field('Node', 1, 'repeated'),
        name: field('string', 2),
        initializer: field('TensorData', 5, 'repeated'),
        input: field('ValueInfo', 11, 'repeated'),
        output: field('ValueInfo', 12, 'repeated'),
      },
    },
    Node: {
      fields: {
        input: field('string', 1, 'repeated'),
        output: field('string', 2, 'repeated'),
        name: field('string', 3),
        opType: field('string', 4),
        attribute: field('Attribute', 5, 'repeated'),
      },
    },
    Attribute: {
      fields: {
        name: field('string', 1),
        i: field('int64', 3),
        ints: field('int64', 8, 'repeated'),
        type: field('int32', 20),
      },
    },
    TensorData: {
      fields: {
        dims: field('int64', 1, 'repeated'),
        dataType: field('int32', 2),
        name: field('string', 8),
        rawData: field('bytes', 9),
      },
    },
    ValueInfo: { fields: { name: field('string', 1), type: field('Type', 2) } },
    Type: { fields: { tensorType: field('TensorType', 1) } },
    TensorType: { fields: { elemType: field('int32', 1), shape: field('Shape', 2) } },
    Shape: { fields: { dim: field('Dimension', 1, 'repeated') } },
    Dimension: {
      oneofs: { value: { oneof: ['dimValue', 'dimParam'] } },
      fields: { dimValue: field('int64', 1), dimParam: field('string', 2) },
    },
  },
};

const FLOAT = 1;
const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;
const ints = (name: string, values: readonly number[]) => ({ name, ints: values, type: ATTRIBUTE_INTS });
const int = (name: string, i: number) => ({ name, i, type: ATTRIBUTE_INT });

/**
 * The network as an ONNX model: float32, opset 13, batches of any size. ONNX has the channels first; an input of one
 * channel lies in memory the same either way, and others are not written.
 */
export async function onnxModel(spec: NetworkSpec, parameters: readonly number[]): Promise<Uint8Array> {
  const [height, width, channels] = spec.input;
  if (channels !== 1) throw new Error(`${spec.name}: found ${channels} input channels, expected 1`);
  const { nodes, initializers, output } = graphOf(stagesOf(spec), parameters);
  const message = {
    irVersion: 8,
    opsetImport: [{ domain: '', version: 13 }],
    producerName: 'longhand-bench',
    graph: {
      name: spec.name,
      node: nodes,
      initializer: initializers,
      input: [valueInfo('input', [channels, height, width])],
      output: [valueInfo(output, [length(stagesOf(spec).at(-1)!.output)])],
    },
  };
  const protobuf = await importPeer<{ default: Protobuf }>('protobufjs');
  const type = protobuf.default.Root.fromJSON(schema).lookupType('Model');
  const problem = type.verify(message);
  if (problem !== null) throw new Error(`ONNX model: ${problem}`);
  return type.encode(type.create(message)).finish();
}

function graphOf(stages: readonly Stage[], parameters: readonly number[]) {
  const weights = weightsOf(stages, parameters);
  const images = flattenedImages(stages);
  const nodes: object[] = [];
  const initializers: object[] = [];
  let value = 'input';
  const emit = (opType: string, inputs: string[], attribute: object[] = []): void => {
    const name = `v${nodes.length}`;
    nodes.push({ input: inputs, output: [name], name: `${opType}_${nodes.length}`, opType, attribute });
    value = name;
  };
  for (const [n, stage] of stages.entries()) {
    const { size } = stage;
    if (isPool(stage)) {
      emit('MaxPool', [value], [ints('kernel_shape', [size, size]), ints('strides', [size, size])]);
      continue;
    }
    const { kernel, bias } = weights.find((one) => one.stage === stage)!;
    const image = images.get(stage);
    const [inputs, outputs] = [stage.input[2], stage.output[2]];
    const ordered = gather(kernel, channelsFirstPlaces(stage, image));
    const shape = stage.type === 'dense' ? [outputs, inputs] : [outputs, inputs, size, size];
    initializers.push(tensorData(`w${n}`, shape, ordered), tensorData(`b${n}`, [outputs], bias));
    if (image) emit('Flatten', [value]);
    if (stage.type === 'dense') emit('Gemm', [value, `w${n}`, `b${n}`], [int('transB', 1)]);
    else
      emit(
        'Conv',
        [value, `w${n}`, `b${n}`],
        [ints('kernel_shape', [size, size]), ints('pads', Array(4).fill(stage.pad))],
      );
    emit({ relu: 'Relu', tanh: 'Tanh', atan: 'Atan', softmax: 'Softmax' }[stage.activation], [value]);
  }
  return { nodes, initializers, output: value };
}

function tensorData(name: string, dims: readonly number[], values: readonly number[]): object {
  return { name, dims, dataType: FLOAT, rawData: new Uint8Array(Float32Array.from(values).buffer) };
}

function valueInfo(name: string, shape: readonly number[]): object {
  const dim = [{ dimParam: 'batch' }, ...shape.map((dimValue) => ({ dimValue }))];
  return { name, type: { tensorType: { elemType: FLOAT, shape: { dim } } } };
}
