import { decodeMessage } from '../protobuf.ts';
import { refuse } from '../refuse.ts';
import { inlineFunctions, withCaptures } from './inline.ts';
import { type GraphProto, type ModelProto, modelType } from './schema.ts';

/** A model with its graph, and the version of the operators it uses. */
export interface OnnxModel {
  readonly graph: GraphProto;
  readonly opset: number;
  readonly producer: string;
  readonly metadata: ReadonlyMap<string, string>;
}

/** Versions of the operators whose differences the importer knows. */
export const opsets = { oldest: 1, newest: 25 };

const maxNodes = 100_000;

/** Reads the bytes of an .onnx file. Throws SpecError where it is none, or of another time. */
export function readOnnx(bytes: Uint8Array): OnnxModel {
  const model = decodeMessage(bytes, modelType) as unknown as ModelProto;
  const { graph } = model;
  if (graph === undefined || graph.node.length === 0) return refuse('', 'no graph with nodes', 'an ONNX model');
  if (graph.node.length > maxNodes) refuse('', `${graph.node.length} nodes`, `at most ${maxNodes}`);
  const opset = model.opsetImport.find(({ domain = '' }) => domain === '' || domain === 'ai.onnx')?.version ?? 1;
  if (opset < opsets.oldest || opset > opsets.newest) {
    refuse('opset_import', `opset ${opset}`, `one from ${opsets.oldest} to ${opsets.newest}`);
  }
  const metadata = new Map(model.metadataProps.map(({ key = '', value = '' }) => [key, value]));
  const node = withCaptures(inlineFunctions(graph.node, model.functions));
  return { graph: { ...graph, node }, opset, producer: model.producerName ?? '', metadata };
}
