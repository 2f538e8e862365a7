import { modelType } from '../../../generator/exchange/onnx/schema.ts';
import { encodeMessage } from '../../../generator/exchange/protobuf.ts';
import { stages } from '../../../generator/pipeline.ts';
import { forward } from '../../../generator/reference/interpreter.ts';
import { importModel } from './compare.ts';

/** A tensor as a test writes it: numbers of float32, or integers. */
export interface Numbers {
  readonly dims: readonly number[];
  readonly values: readonly number[];
  readonly isInteger?: true;
}

export interface Node {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs?: readonly string[];
  readonly attributes?: Readonly<Record<string, number | string | readonly number[] | { readonly float: number }>>;
}

export interface Graph {
  readonly nodes: readonly Node[];
  readonly inputs: Readonly<Record<string, readonly (number | string)[]>>;
  readonly weights?: Readonly<Record<string, Numbers>>;
  readonly outputs?: readonly string[];
  readonly opset?: number;
}

export const floats = (dims: readonly number[], values: readonly number[]): Numbers => ({ dims, values });
export const integers = (...values: readonly number[]): Numbers => ({ dims: [values.length], values, isInteger: true });
/** 0, 1, 2, … halved, with changing signs: numbers that are all different. */
export const count = (...dims: readonly number[]): number[] =>
  Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, n) => (n % 2 === 0 ? 0.5 : -0.25) * (n + 1));

/** The bytes of a model. */
export function modelOf({ nodes, inputs, weights = {}, outputs = ['y'], opset = 18 }: Graph): Uint8Array {
  const dim = (size: number | string) => (typeof size === 'string' ? { parameter: size } : { value: size });
  const info = (name: string, dims?: readonly (number | string)[]) => ({
    name,
    ...(dims === undefined ? {} : { type: { tensorType: { elemType: 1, shape: { dim: dims.map(dim) } } } }),
  });
  const graph = {
    node: nodes.map(({ op, inputs, outputs: own = ['y'], attributes = {} }, n) => ({
      input: inputs,
      output: own,
      name: `node_${n}`,
      opType: op,
      attribute: Object.entries(attributes).map(([name, value]) => {
        if (typeof value === 'number') return { name, i: value };
        if (typeof value === 'string') return { name, s: new TextEncoder().encode(value) };
        return 'float' in value ? { name, f: value.float } : { name, ints: value };
      }),
    })),
    initializer: Object.entries(weights).map(([name, { dims, values, isInteger }]) =>
      isInteger ? { name, dims, dataType: 7, int64Data: values } : { name, dims, dataType: 1, floatData: values },
    ),
    input: Object.entries(inputs).map(([name, dims]) => info(name, dims)),
    output: outputs.map((name) => info(name)),
  };
  return encodeMessage({ irVersion: 8, graph, opsetImport: [{ version: opset }] } as never, modelType);
}

/** What the imported model makes of its inputs, of one or several samples: its outputs as the model has their numbers. */
export function run(bytes: Uint8Array, given: Readonly<Record<string, readonly number[]>>): readonly number[][] {
  const { spec, weights, inputs, outputs } = importModel(bytes);
  const network = stages.shape(stages.parse(spec));
  const flat = weights.flatMap(({ values }) => Array.from(values));
  const [first] = inputs;
  const samples = given[first!.name]!.length / first!.order.length;
  const found = outputs.map((): number[] => []);
  for (let n = 0; n < samples; n++) {
    const sample = inputs.flatMap(({ name, order }) =>
      Array.from(order, (place) => given[name]![n * order.length + place]!),
    );
    const values = forward(network, flat, sample);
    let at = 0;
    for (const [k, { order }] of outputs.entries()) {
      for (const place of order) found[k]![n * order.length + place] = values[at++]!;
    }
  }
  return found;
}
