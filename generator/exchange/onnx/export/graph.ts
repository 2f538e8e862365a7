import { encodeMessage } from '../../protobuf.ts';
import { writeNumbers } from '../../weights/numberTypes.ts';
import { elementCount } from '../../weights/tensors.ts';
import {
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  modelType,
  type NodeProto,
  type TensorProto,
} from '../schema.ts';

/** What attributes may be: an integer, a list of integers, a text; a float where it says so. */
export type AttributeValue = number | string | readonly number[] | { readonly float: number };

/** The sizes of a sample as the model sees it; the batch in front is any number. */
export type Dims = readonly number[];

/** An input or output of the graph. */
export interface GraphEnd {
  readonly name: string;
  readonly dims: Dims;
}

/** An ONNX graph while it is being written. */
export class GraphWriter {
  readonly #nodes: NodeProto[] = [];
  readonly #tensors: TensorProto[] = [];
  readonly #shared = new Map<string, string>();
  #count = 0;

  /** A node with one output, whose name it returns. */
  node(op: string, inputs: readonly string[], attributes: Readonly<Record<string, AttributeValue>> = {}): string {
    // No layer has a name that begins so, and none is hidden.
    const output = `/${op.toLowerCase()}_${++this.#count}`;
    const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
    this.#nodes.push({ input: inputs, output: [output], name: output, opType: op, attribute });
    return output;
  }

  /** A tensor of float32 with a name of its own, as a layer's parameter has it. */
  tensor(name: string, dims: readonly number[], values: ArrayLike<number>): string {
    this.#tensors.push({ name, dims, dataType: 1, rawData: writeNumbers(values, 'F32') });
    return name;
  }

  /** One number of float32. */
  scalar(value: number): string {
    return this.#once(`scalar_${value}`, { dims: [], dataType: 1, rawData: writeNumbers([value], 'F32') });
  }

  /** A list of integers. */
  integers(values: readonly number[]): string {
    const bytes = Buffer.alloc(8 * values.length);
    values.map((value, n) => bytes.writeBigInt64LE(BigInt(value), 8 * n));
    return this.#once(`integers_${values.join('_')}`, { dims: [values.length], dataType: 7, rawData: bytes });
  }

  /** A list of float32. */
  floats(values: readonly number[]): string {
    return this.#once(`floats_${values.join('_')}`, {
      dims: [values.length],
      dataType: 1,
      rawData: writeNumbers(values, 'F32'),
    });
  }

  #once(name: string, tensor: Omit<TensorProto, 'name'>): string {
    const safe = `/${name.replace(/[^\w.-]/g, '_')}`;
    if (!this.#shared.has(safe)) {
      this.#shared.set(safe, safe);
      this.#tensors.push({ ...tensor, name: safe });
    }
    return safe;
  }

  /** The bytes of the model, of any number of samples. */
  model(facts: {
    readonly name: string;
    readonly inputs: readonly GraphEnd[];
    /** Each with the name of what it is computed as. */
    readonly outputs: readonly (GraphEnd & { readonly from: string })[];
    readonly metadata: Readonly<Record<string, string>>;
  }): Uint8Array {
    const { name, inputs, outputs, metadata } = facts;
    const last = outputs.map(({ name: output, from }, n) => {
      const own = outputs.length === 1 ? 'output' : `output_${n + 1}`;
      return { input: [from], output: [output], name: own, opType: 'Identity', attribute: [] };
    });
    const graph: GraphProto = {
      node: [...this.#nodes, ...last],
      name,
      initializer: this.#tensors,
      input: inputs.map(valueInfo),
      output: outputs.map(valueInfo),
    };
    const model: ModelProto = {
      // The version of onnx.proto that came with opset 17.
      irVersion: 8,
      producerName: 'longhand',
      graph,
      opsetImport: [{ domain: '', version: 17 }],
      functions: [],
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    };
    return encodeMessage(model as never, modelType);
  }
}

function attributeOf(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === 'number') return { name, i: value, type: 2 };
  if (typeof value === 'string') return { name, s: new TextEncoder().encode(value), type: 3 };
  if ('float' in value) return { name, f: value.float, type: 1 };
  return { name, ints: value as readonly number[], type: 7 };
}

function valueInfo({ name, dims }: GraphEnd) {
  const dim = [{ parameter: 'N' }, ...dims.map((value) => ({ value }))];
  return { name, type: { tensorType: { elemType: 1, shape: { dim } } } };
}

/** How many numbers a sample has. */
export function sizeOf(dims: Dims): number {
  return elementCount(dims);
}
