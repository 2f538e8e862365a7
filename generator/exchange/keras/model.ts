import { quote, refuse } from '../refuse.ts';
import type { WeightTensor } from '../weights/tensors.ts';

/** A layer as Keras writes it down. */
export interface KerasLayer {
  readonly kind: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Names of the layers read, for each time the layer is used; empty for an input. */
  readonly calls: readonly (readonly string[])[];
}

/** A model of Keras or TensorFlow.js. */
export interface KerasModel {
  readonly layers: readonly KerasLayer[];
  /** The name of the layer whose output is the model's. */
  readonly output: string;
  /** The weights of a layer in Keras' order: kernel, bias; gamma, beta, mean, variance. */
  weightsOf(layer: KerasLayer): readonly WeightTensor[];
}

type Record_ = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Record_ {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const maxLayers = 10_000;

/** The layers of a model's configuration: Sequential or functional, Keras 1.2 to 3. */
export function readConfig(config: unknown): Pick<KerasModel, 'layers' | 'output'> {
  if (!isRecord(config)) return refuse('', 'no model configuration', 'a model saved whole: model.save');
  const kind = String(config.class_name);
  const inner = config.config;
  const listed = isRecord(inner) ? inner.layers : inner;
  if (!Array.isArray(listed) || listed.length === 0 || listed.length > maxLayers) {
    return refuse('', 'a model without layers', `from 1 to ${maxLayers} layers`);
  }
  const layers = listed.map((layer, n) => readLayer(layer, n));
  if (kind === 'Sequential') return chained(layers, isRecord(inner) ? inner : {});
  if (kind !== 'Model' && kind !== 'Functional')
    return refuse('', `a model ${quote(kind)}`, 'Sequential or functional');
  const [output, ...others] = namesIn((inner as Record_).output_layers);
  if (output === undefined || others.length > 0) return refuse('', `${others.length + 1} outputs`, 'one output');
  return { layers, output };
}

function readLayer(value: unknown, position: number): KerasLayer {
  const place = `layers[${position}]`;
  if (!isRecord(value) || typeof value.class_name !== 'string')
    return refuse(place, 'no layer', 'class_name and config');
  const config = isRecord(value.config) ? value.config : {};
  const name = typeof value.name === 'string' ? value.name : String(config.name ?? `layer${position}`);
  return { kind: value.class_name, name, config, calls: callsOf(value.inbound_nodes) };
}

/** Each layer of a Sequential reads the one before; Keras 3 and TensorFlow.js leave the input to the first layer. */
function chained(layers: readonly KerasLayer[], config: Record_): Pick<KerasModel, 'layers' | 'output'> {
  const [first] = layers as [KerasLayer, ...KerasLayer[]];
  const shape = first.config.batch_input_shape ?? first.config.batch_shape ?? config.build_input_shape;
  const input: KerasLayer = { kind: 'InputLayer', name: 'longhand input', config: { batch_shape: shape }, calls: [] };
  const all = first.kind === 'InputLayer' ? layers : [input, ...layers];
  const linked = all.map((layer, n) => (n === 0 ? layer : { ...layer, calls: [[all[n - 1]!.name]] }));
  return { layers: linked, output: linked.at(-1)!.name };
}

/** `[[["a", 0, 0, {}], ["b", 0, 0, {}]]]` up to Keras 2; tensors with a keras_history in Keras 3. */
function callsOf(nodes: unknown): readonly (readonly string[])[] {
  if (!Array.isArray(nodes)) return [];
  return nodes.map((node) => (isRecord(node) ? historiesIn(node, 0) : namesIn(node)));
}

/** Names in `["a", 0, 0]`, or in a list of those. */
function namesIn(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  if (typeof value[0] === 'string') return [value[0]];
  return value.flatMap((one) => (Array.isArray(one) && typeof one[0] === 'string' ? [one[0]] : []));
}

function historiesIn(value: unknown, depth: number): readonly string[] {
  if (depth > 20) return [];
  if (Array.isArray(value)) return value.flatMap((one) => historiesIn(one, depth + 1));
  if (!isRecord(value)) return [];
  if (Array.isArray(value.keras_history)) return [String(value.keras_history[0])];
  return Object.values(value).flatMap((one) => historiesIn(one, depth + 1));
}
