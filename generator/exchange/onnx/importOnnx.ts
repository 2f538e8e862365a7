import { type Activation, orderOf } from '../build/activation.ts';
import { arrange, reshaped } from '../build/arrange.ts';
import { finish } from '../build/finish.ts';
import { SpecBuilder } from '../build/specBuilder.ts';
import type { ImportedGraph, ImportOptions, View } from '../imported.ts';
import { refuse } from '../refuse.ts';
import { elementCount } from '../weights/tensors.ts';
import { type Context, channelsLast } from './context.ts';
import { evaluate } from './evaluate.ts';
import { type OnnxModel, readOnnx } from './read.ts';
import type { ValueInfoProto } from './schema.ts';
import type { ReadBeside } from './tensor.ts';
import type { Value } from './value.ts';

/**
 * Turns an ONNX model into a spec and its weights.
 *
 * @param readBeside gives the bytes of a file in the model's folder, where the model keeps its weights apart
 * @throws SpecError that lists every node that cannot be expressed
 */
export function importOnnx(bytes: Uint8Array, options: ImportOptions, readBeside: ReadBeside): ImportedGraph {
  const model = readOnnx(bytes);
  const { name, dims, axes, isChannelsLast } = inputOf(model);
  const shape = axes.map((axis) => dims[axis]!);
  const builder = new SpecBuilder(shape);
  const input: Activation = {
    kind: 'activation',
    layer: 'input',
    shape,
    dims,
    order: orderOf(dims, axes),
    isShared: false,
  };
  const context: Context = { builder, fold: options.fold ?? false };
  const output = evaluate(model, new Map<string, Value>([[name, input]]), context, readBeside);
  const shown = putOut(builder, output, isChannelsLast);
  return { ...finish(builder, shape, options), input: { dims, order: input.order }, output: shown };
}

interface Input {
  readonly name: string;
  /** With the batch in front. */
  readonly dims: readonly number[];
  /** The axes in the order in which the spec has them. */
  readonly axes: readonly number[];
  /** Whether the graph itself has the channels last. */
  readonly isChannelsLast: boolean;
}

/** The one input that is no weight, channels last unless the graph itself has them so. */
function inputOf(model: OnnxModel): Input {
  const { graph } = model;
  const weights = new Set(graph.initializer.map(({ name }) => name));
  const inputs = graph.input.filter(({ name }) => !weights.has(name));
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    const names = inputs.map(({ name = '' }) => name).slice(0, 6);
    return refuse('graph.input', `${inputs.length} inputs (${names.join(', ')})`, 'one input');
  }
  const dims = dimsOf(input);
  const isChannelsLast =
    model.metadata.get('longhand.layout') === 'nhwc' || beginsWithTranspose(model, input.name ?? '');
  const plain = dims.slice(1).map((_, n) => n + 1);
  const axes = dims.length < 3 || isChannelsLast ? plain : channelsLast(dims.length);
  return { name: input.name ?? '', dims, axes, isChannelsLast };
}

function dimsOf({ name = '', type }: ValueInfoProto): readonly number[] {
  const dim = type?.tensorType?.shape?.dim;
  if (dim === undefined) return refuse(`input '${name}'`, 'no shape', 'a shape: export with a fixed size');
  if (dim.length < 1 || dim.length > 4)
    refuse(
      `input '${name}'`,
      `${dim.length} axes`,
      'at most 4: samples and [c, h, w], [c, n] or [n]; longhand has no 3-D layers',
    );
  // Any number of samples: longhand computes one after the other.
  const dims = dim.map(({ value }, axis) => (value === undefined || value < 1 ? (axis === 0 ? 1 : 0) : value));
  if (dims.includes(0)) {
    const shown = dim.map(({ value, parameter }) => value ?? parameter ?? '?').join(', ');
    refuse(
      `input '${name}'`,
      `shape [${shown.slice(0, 80)}]`,
      'fixed sizes but for the batch: export with a fixed size',
    );
  }
  if (!(elementCount(dims) <= 2 ** 28)) refuse(`input '${name}'`, `${elementCount(dims)} numbers`, 'fewer');
  return dim.length === 1 ? [1, ...dims] : dims;
}

/** TensorFlow's exporters turn a channels-last input round before anything else. */
function beginsWithTranspose({ graph }: OnnxModel, input: string): boolean {
  const readers = graph.node.filter((node) => node.input.includes(input));
  return (
    readers.length > 0 &&
    readers.every(({ opType, attribute }) => {
      const perm = attribute.find(({ name }) => name === 'perm')?.ints?.join();
      return opType === 'Transpose' && (perm === '0,3,1,2' || perm === '0,2,1');
    })
  );
}

/** Brings the output into the order in which its reader expects it: channels last as the input, vectors as they are. */
function putOut(builder: SpecBuilder, output: Activation, isChannelsLast: boolean): View {
  const rank = output.dims.length;
  const plain = output.dims.slice(1).map((_, n) => n + 1);
  const axes = (rank === 3 || rank === 4) && !isChannelsLast ? channelsLast(rank) : plain;
  const isSingle = output.dims.slice(2).every((size) => size === 1);
  const shape = rank < 2 || rank > 4 || isSingle ? [elementCount(output.shape)] : undefined;
  const last = arrange(builder, output, axes, shape).layer;
  // The spec's output is its last layer.
  if (builder.layers.at(-1)?.name !== last) reshaped(builder, last, [...builder.shapeOf(last)]);
  if (builder.layers.at(-1)?.name !== last) builder.add('activation', [last], { activation: 'linear' });
  return { dims: output.dims, order: orderOf(output.dims, axes) };
}
