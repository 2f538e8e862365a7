import { isLayerKind } from '../../spec/schema.ts';
import { type Activation, orderOf } from '../build/activation.ts';
import { arrange, reshaped } from '../build/arrange.ts';
import type { SpecBuilder } from '../build/specBuilder.ts';
import type { End } from '../imported.ts';
import { quote, refuse } from '../refuse.ts';
import { elementCount } from '../weights/tensors.ts';
import { channelsLast, type Reading } from './context.ts';
import type { OnnxModel } from './read.ts';
import type { ValueInfoProto } from './schema.ts';

/** An input of the graph that is no weight. */
export interface GraphInput {
  readonly name: string;
  /** As the graph has it. */
  readonly given: readonly number[];
  /** As the importer's operators see it, the samples in front. */
  readonly dims: readonly number[];
  /** Its axes in the order in which the spec has them. */
  readonly axes: readonly number[];
  /** A sample of it in the spec. */
  readonly shape: readonly number[];
}

const maxEnds = 64;

/** The inputs that something reads. Throws SpecError where there are none, or where they are no samples of fixed sizes. */
export function inputsOf(model: OnnxModel, reading: Reading): readonly GraphInput[] {
  const { graph } = model;
  const weights = new Set(graph.initializer.map(({ name }) => name));
  const read = new Set([...graph.node.flatMap(({ input }) => input), ...graph.output.map(({ name }) => name)]);
  const inputs = graph.input.filter(({ name }) => !weights.has(name) && read.has(name ?? ''));
  if (inputs.length === 0 || inputs.length > maxEnds) {
    refuse('graph.input', `${inputs.length} inputs that are read`, `1 to ${maxEnds}`);
  }
  const isLast = isChannelsLast(model);
  const found = inputs.map((input) => (reading === 'whole' ? wholeInput(input) : sampledInput(input, isLast)));
  const [first] = found;
  for (const { name, dims } of found) {
    if (dims[0] === first!.dims[0]) continue;
    refuse(`input ${quote(name)}`, `${dims[0]} samples`, `${first!.dims[0]}, as ${quote(first!.name)} has`);
  }
  return found;
}

/** Whether the whole of the input may be one sample: every size of every input is fixed. */
export function hasFixedSizes({ graph }: OnnxModel): boolean {
  return graph.input.every(({ type }) =>
    (type?.tensorType?.shape?.dim ?? [{}]).every(({ value }) => value !== undefined && value > 0),
  );
}

/** Whether an input has one axis only: then that is none of samples. */
export function hasBareVector({ graph }: OnnxModel): boolean {
  const weights = new Set(graph.initializer.map(({ name }) => name));
  return graph.input.some(({ name, type }) => !weights.has(name) && type?.tensorType?.shape?.dim?.length === 1);
}

/** Whether the graph itself has its channels last: longhand's do, and those of TensorFlow begin with a transpose. */
export function isChannelsLast(model: OnnxModel): boolean {
  if (model.metadata.has('longhand.layout')) return model.metadata.get('longhand.layout') === 'nhwc';
  const weights = new Set(model.graph.initializer.map(({ name }) => name));
  const images = model.graph.input.filter(
    ({ name, type }) => !weights.has(name) && (type?.tensorType?.shape?.dim?.length ?? 0) > 2,
  );
  return images.length > 0 && images.every(({ name = '' }) => beginsWithTranspose(model, name));
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

function sampledInput(input: ValueInfoProto, isLast: boolean): GraphInput {
  const dim = dimsOf(input);
  const place = `input ${quote(input.name ?? '')}`;
  if (dim.length < 1 || dim.length > 4) {
    const expected = 'at most 4: samples and [c, h, w], [c, n] or [n]; longhand has no 3-D layers';
    refuse(place, `${dim.length} axes`, expected);
  }
  // Any number of samples: longhand computes one after the other.
  const given = dim.map(({ value }, axis) => (value === undefined || value < 1 ? (axis === 0 ? 1 : 0) : value));
  if (given.includes(0)) {
    const shown = dim.map(({ value, parameter }) => value ?? parameter ?? '?').join(', ');
    refuse(place, `shape [${shown.slice(0, 80)}]`, 'fixed sizes but for the batch: export with a fixed size');
  }
  const dims = given.length === 1 ? [1, ...given] : given;
  return graphInput(input, given, dims, layoutOf(dims, isLast));
}

/** Without an axis of samples; but a first axis of 1 is one of them, and what it holds an image or a sequence. */
function wholeInput(input: ValueInfoProto): GraphInput {
  const given = dimsOf(input).map(({ value }) => value ?? 0);
  const dims = [1, ...given];
  const isSingle = given.length > 1 && given[0] === 1;
  const axes = isSingle ? layoutOf(given, false).map((axis) => axis + 1) : plainAxes(dims);
  return graphInput(input, given, dims, axes);
}

function plainAxes(dims: readonly number[]): readonly number[] {
  return dims.slice(1).map((_, n) => n + 1);
}

/** The axes of a sample with its channels last. */
function layoutOf(dims: readonly number[], isLast: boolean): readonly number[] {
  return isLast || dims.length < 3 || dims.length > 4 ? plainAxes(dims) : channelsLast(dims.length);
}

function graphInput(
  { name = '' }: ValueInfoProto,
  given: readonly number[],
  dims: readonly number[],
  axes: readonly number[],
): GraphInput {
  const count = elementCount(dims);
  if (!(count <= 2 ** 28)) refuse(`input ${quote(name)}`, `${count} numbers`, 'fewer');
  // A layer has three axes at most; what has more is a vector.
  const shape = axes.length > 3 ? [elementCount(dims.slice(1))] : axes.map((axis) => dims[axis]!);
  return { name, given, dims, axes, shape };
}

function dimsOf({ name = '', type }: ValueInfoProto) {
  const place = `input ${quote(name)}`;
  return type?.tensorType?.shape?.dim ?? refuse(place, 'no shape', 'a shape: export with a fixed size');
}

/** Names of the graph as a spec may have them, each once: `x:0` → `x_0`. */
export function specNames(names: readonly string[], what: string): readonly string[] {
  const taken = new Set<string>(['input']);
  return names.map((name, n) => {
    const plain = name.replace(/[^A-Za-z0-9_-]+/g, '_').replace(/^[^A-Za-z]+|_+$/g, '');
    // A kind of layer and a number is the name of a layer that has none.
    const isDefault = /\d$/.test(plain) && isLayerKind(plain.replace(/\d+$/, ''));
    const own = plain === '' || isDefault ? `${what}_${plain || n + 1}` : plain;
    let free = own.slice(0, 60);
    for (let more = 2; taken.has(free); more++) free = `${own.slice(0, 60)}_${more}`;
    taken.add(free);
    return free;
  });
}

/** Brings an output into the order in which its reader expects it: channels last as the input, vectors as they are. */
export function putOut(builder: SpecBuilder, output: Activation, reading: Reading, isLast: boolean): Omit<End, 'name'> {
  const given = reading === 'whole' ? output.dims.slice(1) : output.dims;
  const isSampled = reading === 'samples' || (given.length > 1 && given[0] === 1);
  const shift = reading === 'whole' ? 1 : 0;
  const axes = isSampled ? layoutOf(given, isLast).map((axis) => axis + shift) : plainAxes(output.dims);
  const isSingle = isSampled && given.slice(2).every((size) => size === 1);
  const shape = axes.length < 1 || axes.length > 3 || isSingle ? [elementCount(output.shape)] : undefined;
  const layer = arrange(builder, output, axes, shape).layer;
  return { layer, dims: given, order: orderOf(output.dims, axes) };
}

/** A layer of its own for each output: what several stand for, or an input, is handed on. */
export function ownLayers(builder: SpecBuilder, ends: readonly Omit<End, 'name'>[]): readonly string[] {
  const taken = new Set<string>();
  return ends.map(({ layer }) => {
    const isFree = builder.layerOf(layer) !== undefined && !taken.has(layer);
    const own = isFree ? layer : builder.add('activation', [layer], { activation: 'linear' }).name;
    taken.add(own);
    return own;
  });
}

/** Makes one layer the last: the output of a spec that names none. */
export function putLast(builder: SpecBuilder, layer: string): void {
  if (builder.layers.at(-1)?.name !== layer) reshaped(builder, layer, [...builder.shapeOf(layer)]);
  if (builder.layers.at(-1)?.name !== layer) builder.add('activation', [layer], { activation: 'linear' });
}
