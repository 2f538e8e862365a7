import { type Activation, orderOf } from '../../build/activation.ts';
import { activationOf, arrange } from '../../build/arrange.ts';
import { elementCount } from '../../weights/tensors.ts';
import { broadcastDims } from '../arrays.ts';
import { axisFrom, type Context, channelsLast, type Operator, placesOf } from '../context.ts';
import type { OnnxNode } from '../node.ts';
import type { Sequence, Value } from '../value.ts';
import { joined, specAxes, viewed } from './shapes.ts';

/** Operators that take some of the numbers, or some of them several times. */
export const selections: Readonly<Record<string, Operator>> = {
  Slice: sliceOf,
  Split: split,
  SplitToSequence: splitToSequence,
  SequenceAt: sequenceAt,
  ConcatFromSequence: concatFromSequence,
  Gather: gather,
  Expand: expand,
  Tile: tile,
};

/** Places along an axis. */
interface Range {
  readonly begin: number;
  readonly size: number;
  readonly stride: number;
}

/** A part of each axis: a slice of the spec. */
export function part(node: OnnxNode, context: Context, x: Activation, ranges: ReadonlyMap<number, Range>): Activation {
  const { builder } = context;
  const dims = x.dims.map((size, axis) => ranges.get(axis)?.size ?? size);
  const samples = ranges.get(0);
  if (samples !== undefined && (dims[0] !== x.dims[0] || samples.stride !== 1))
    node.refuse('a part of the samples', 'a part of a sample');
  if (dims.some((size) => size < 1)) node.refuse('an empty slice', 'one with numbers in it');
  const isWhole = dims.join() === x.dims.join() && [...ranges.values()].every(({ stride }) => stride === 1);
  if (isWhole) return x;
  if (x.dims.length > 4) return [...ranges].reduce((value, [axis, range]) => block(context, value, axis, range), x);
  const axes = specAxes(node, x.dims.length);
  const from = arrange(builder, x, axes);
  const strides = axes.map((axis) => ranges.get(axis)?.stride ?? 1);
  const options = {
    begin: axes.map((axis) => ranges.get(axis)?.begin ?? 0),
    size: axes.map((axis) => dims[axis]!),
    ...(strides.every((stride) => stride === 1) ? {} : { strides }),
  };
  return activationOf(builder.add('slice', [from.layer], options), dims, orderOf(dims, axes));
}

/** A part of one axis, of more than a layer has: all before and all behind it are taken together. */
function block({ builder }: Context, x: Activation, axis: number, { begin, size, stride }: Range): Activation {
  const plain = x.dims.slice(1).map((_, n) => n + 1);
  const [before, behind] = [elementCount(x.dims.slice(1, axis)), elementCount(x.dims.slice(axis + 1))];
  const from = arrange(builder, x, plain, [before, x.dims[axis]!, behind]);
  const options = { begin: [0, begin, 0], size: [before, size, behind], strides: [1, stride, 1] };
  const dims = x.dims.with(axis, size);
  return activationOf(builder.add('slice', [from.layer], options), dims, orderOf(dims, plain));
}

/** Attributes up to opset 9, inputs since. */
function sliceOf(node: OnnxNode, context: Context): Value {
  const x = node.activation(0);
  const list = (name: string, position: number): readonly number[] | undefined => {
    const values = node.ints(name) ?? node.optional(position, name)?.values;
    return values === undefined ? undefined : Array.from(values);
  };
  const starts = list('starts', 1) ?? node.refuse('no starts', 'where each part begins');
  const ends = list('ends', 2) ?? node.refuse('no ends', 'where each part ends');
  const axes = list('axes', 3) ?? starts.map((_, n) => n);
  const steps = list('steps', 4) ?? starts.map(() => 1);
  // Of any number of samples, the first few are a part.
  const isPart = axes.some(
    (axis, n) => axisFrom(axis, x.dims.length) === 0 && (starts[n] !== 0 || ends[n]! < 2 ** 31 - 1),
  );
  if (context.isFree && isPart) node.refuse('a part of the samples', 'a part of a sample');
  const ranges = new Map(
    axes.map((given, n) => {
      const axis = axisFrom(given, x.dims.length);
      return [axis, rangeOf(x.dims[axis]!, starts[n]!, ends[n]!, steps[n]!)] as const;
    }),
  );
  return part(node, context, x, ranges);
}

/** Starts and ends count from the end where they are negative, and are cut to what is there (as in NumPy). */
export function rangeOf(length: number, start: number, end: number, stride: number) {
  const clamp = (place: number, least: number, most: number) =>
    Math.min(most, Math.max(least, place < 0 ? place + length : place));
  const [begin, stop] =
    stride > 0
      ? [clamp(start, 0, length), clamp(end, 0, length)]
      : [clamp(start, 0, length - 1), clamp(end, -1, length - 1)];
  return { begin, size: Math.max(0, Math.ceil((stop - begin) / stride)), stride };
}

function split(node: OnnxNode, context: Context): Value[] {
  const x = node.activation(0);
  const axis = axisFrom(node.int('axis', 0), x.dims.length);
  const count = node.outputs.length;
  const whole = x.dims[axis] ?? 0;
  const even = Math.ceil(whole / count);
  const sizes =
    node.ints('split') ??
    node.optional(1, 'list of sizes')?.values ??
    Array.from({ length: count }, (_, n) => Math.min(even, whole - n * even));
  let begin = 0;
  return Array.from(sizes, (size) => {
    const range = { begin, size, stride: 1 };
    begin += size;
    return part(node, context, x, new Map([[axis, range]]));
  });
}

/** Nobody writes out more. */
const maxPieces = 64;

/** Parts of one size, the last one smaller; of given sizes; or single places, whose axis is gone if it is not kept. */
function splitToSequence(node: OnnxNode, context: Context): Sequence {
  const x = node.activation(0);
  const axis = axisFrom(node.int('axis', 0), x.dims.length);
  const whole = x.dims[axis] ?? 0;
  const given = node.optional(1, 'list of sizes');
  const [one = 1] = given?.values ?? [];
  const count = Math.ceil(whole / one);
  if (!(count <= maxPieces)) node.refuse(`${count} parts`, `at most ${maxPieces}`);
  const sizes =
    given !== undefined && given.dims.length > 0
      ? Array.from(given.values)
      : Array.from({ length: count }, (_, n) => Math.min(one, whole - n * one));
  let begin = 0;
  const parts = sizes.map((size) => {
    const value = part(node, context, x, new Map([[axis, { begin, size, stride: 1 }]]));
    begin += size;
    const isGone = given === undefined && node.int('keepdims', 1) === 0;
    return isGone ? viewed(node, value, value.dims.toSpliced(axis, 1)) : value;
  });
  return { kind: 'sequence', parts };
}

function sequenceOf(node: OnnxNode): Sequence {
  const [sequence] = node.inputs;
  return sequence?.kind === 'sequence' ? sequence : node.refuse('no sequence', 'a sequence');
}

function sequenceAt(node: OnnxNode): Value {
  const { parts } = sequenceOf(node);
  const place = axisFrom(node.constant(1, 'place').values[0] ?? 0, parts.length);
  return parts[place] ?? node.refuse(`place ${place}`, `one below ${parts.length}`);
}

function concatFromSequence(node: OnnxNode, context: Context): Value {
  const { parts } = sequenceOf(node);
  if (node.int('new_axis', 0) === 1) node.refuse('new_axis = 1', '0');
  return joined(node, context, parts, axisFrom(node.int('axis', 0), parts[0]!.dims.length));
}

/** Places along an axis, by constant numbers: slices, one after the other where they are several. */
function gather(node: OnnxNode, context: Context): Value {
  const x = node.activation(0);
  const indices = node.constant(1, 'list of places');
  const axis = axisFrom(node.int('axis', 0), x.dims.length);
  const size = x.dims[axis] ?? 0;
  const places = Array.from(indices.values, (place) => axisFrom(place, size));
  if (axis === 0) node.refuse('places among the samples', 'places along an axis of a sample');
  if (places.some((place) => !(place >= 0 && place < size))) node.refuse('a place outside', `places below ${size}`);
  const runs = runsOf(places);
  if (runs.length > maxPieces) node.refuse(`${runs.length} pieces`, `at most ${maxPieces}`);
  const pieces = runs.map((range) => part(node, context, x, new Map([[axis, range]])));
  const dims = [...x.dims.slice(0, axis), ...indices.dims, ...x.dims.slice(axis + 1)];
  return viewed(node, joined(node, context, pieces, axis), dims);
}

/** Places as few slices: 4, 6, 8, 1 → from 4 three with stride 2, and 1. */
function runsOf(places: readonly number[]): readonly { begin: number; size: number; stride: number }[] {
  const runs: { begin: number; size: number; stride: number }[] = [];
  for (const place of places) {
    const run = runs.at(-1);
    const step = run === undefined ? 0 : place - (run.begin + (run.size - 1) * run.stride);
    if (run !== undefined && step !== 0 && (run.size === 1 || step === run.stride)) {
      run.stride = step;
      run.size++;
    } else runs.push({ begin: place, size: 1, stride: 1 });
  }
  return runs;
}

/** Expand repeats axes of 1. */
function expand(node: OnnxNode, context: Context): Value {
  const x = node.activation(0);
  const wanted = Array.from(node.constant(1, 'shape').values);
  const dims = broadcastDims(x.dims, wanted);
  if (dims === undefined || dims.length !== x.dims.length) {
    return node.refuse(`a repetition to [${wanted.join(', ')}]`, 'a shape with as many axes that fits');
  }
  return repeated(
    node,
    context,
    x,
    dims.map((size, axis) => size / x.dims[axis]!),
  );
}

function tile(node: OnnxNode, context: Context): Value {
  const x = node.activation(0);
  const counts = Array.from(node.constant(1, 'list of repeats').values);
  if (counts.length !== x.dims.length) node.refuse(`${counts.length} repeats`, `${x.dims.length}, one for each axis`);
  return repeated(node, context, x, counts);
}

/** Single places grow by up-sampling; what has several is put behind itself. */
function repeated(node: OnnxNode, context: Context, x: Activation, counts: readonly number[]): Activation {
  const { builder } = context;
  if (counts[0] !== 1) node.refuse('a repetition of samples', 'one along an axis of a sample');
  if (counts.some((count) => count < 1 || !Number.isInteger(count)))
    node.refuse('an empty repetition', 'counts from 1');
  if (x.dims.length === 4 && counts[1] === 1 && elementCount(x.dims.slice(2)) === 1) {
    const from = arrange(builder, x, channelsLast(4));
    if (counts.every((count) => count === 1)) return x;
    return placesOf(builder.add('upSampling2d', [from.layer], { size: counts.slice(2) }), x.dims[0]!);
  }
  let value = x;
  for (const [axis, count] of counts.entries()) {
    if (count > maxPieces) node.refuse(`${count} repetitions`, `at most ${maxPieces}`);
    if (count > 1) value = joined(node, context, Array<Activation>(count).fill(value), axis);
  }
  return value;
}
