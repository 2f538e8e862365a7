import { type Activation, orderOf } from '../../build/activation.ts';
import { activationOf, arrange, reshaped } from '../../build/arrange.ts';
import { elementCount } from '../../weights/tensors.ts';
import { axisFrom, type Context, channelsLast, type Operator, placesOf, shortNumber } from '../context.ts';
import type { OnnxNode } from '../node.ts';
import { constant, type Value } from '../value.ts';

/** Operators that move numbers about without changing them; most cost nothing, as only the view of a layer changes. */
export const shapes: Readonly<Record<string, Operator>> = {
  Identity: (node) => node.activation(0),
  Dropout: (node) => [node.activation(0), undefined],
  Cast: cast,
  CastLike: (node) => node.activation(0),
  Shape: (node) => shapeOf(node),
  Size: (node) => constant([], [elementCount(node.activation(0).dims)], true),
  Flatten: flatten,
  Reshape: reshape,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transposeAxes,
  Expand: expand,
  Concat: concat,
  Pad: pad,
  Slice: sliceOf,
  Split: split,
  DepthToSpace: (node, context) => depthOf(node, context, 'depthToSpace'),
  SpaceToDepth: (node, context) => depthOf(node, context, 'spaceToDepth'),
};

/** Floating-point types are all one here; others would round. */
function cast(node: OnnxNode): Value {
  const to = node.int('to', 1);
  if (![1, 10, 11, 16].includes(to)) node.refuse(`to = ${to}, which is no floating-point type`, 'float32');
  return node.activation(0);
}

function shapeOf(node: OnnxNode): Value {
  const { dims } = node.activation(0);
  const [start, end] = [node.int('start', 0), node.int('end', dims.length)].map((axis) => axisFrom(axis, dims.length));
  const part = dims.slice(start, end);
  return constant([part.length], part, true);
}

/** The same numbers with other dims. The batch stays in front. */
function viewed(node: OnnxNode, x: Activation, dims: readonly number[]): Activation {
  if (elementCount(dims) !== elementCount(x.dims)) {
    node.refuse(`[${x.dims.join(', ')}] as [${dims.join(', ')}]`, 'a shape with as many numbers');
  }
  if (dims[0] !== x.dims[0]) {
    node.refuse(`[${x.dims.join(', ')}] as [${dims.join(', ')}]`, 'the samples to stay the first axis');
  }
  return { ...x, dims };
}

function flatten(node: OnnxNode): Value {
  const x = node.activation(0);
  const axis = axisFrom(node.int('axis', 1), x.dims.length);
  return viewed(node, x, [elementCount(x.dims.slice(0, axis)), elementCount(x.dims.slice(axis))]);
}

function reshape(node: OnnxNode): Value {
  const x = node.activation(0);
  const wanted = node.ints('shape') ?? Array.from(node.constant(1, 'shape').values);
  const zeroMeansZero = node.int('allowzero', 0) === 1;
  const dims = wanted.map((size, axis) => (size === 0 && !zeroMeansZero ? (x.dims[axis] ?? 1) : size));
  const known = dims.reduce((product, size) => (size === -1 ? product : product * size), 1);
  return viewed(
    node,
    x,
    dims.map((size) => (size === -1 ? elementCount(x.dims) / known : size)),
  );
}

/** Axes as an attribute up to opset 12, as an input since. */
function axesOf(node: OnnxNode, rank: number): readonly number[] | undefined {
  const axes = node.ints('axes') ?? node.optional(1, 'list of axes')?.values;
  return axes === undefined ? undefined : Array.from(axes, (axis) => axisFrom(axis, rank));
}

function squeeze(node: OnnxNode): Value {
  const x = node.activation(0);
  const axes = axesOf(node, x.dims.length);
  const isGone = (size: number, axis: number) => (axes === undefined ? size === 1 && axis > 0 : axes.includes(axis));
  return viewed(
    node,
    x,
    x.dims.filter((size, axis) => !isGone(size, axis)),
  );
}

function unsqueeze(node: OnnxNode): Value {
  const x = node.activation(0);
  const count = (node.ints('axes') ?? node.constant(1, 'list of axes').values).length;
  const axes = axesOf(node, x.dims.length + count) ?? [];
  const rest = [...x.dims];
  const dims = Array.from({ length: x.dims.length + count }, (_, axis) => (axes.includes(axis) ? 1 : rest.shift()!));
  return viewed(node, x, dims);
}

function transposeAxes(node: OnnxNode): Value {
  const x = node.activation(0);
  const axes = node.ints('perm') ?? x.dims.map((_, axis) => x.dims.length - 1 - axis);
  if (axes[0] !== 0 && x.dims[axes[0]!] !== x.dims[0])
    node.refuse(`perm = [${axes.join(', ')}]`, 'the samples to stay first');
  const dims = axes.map((axis) => x.dims[axis]!);
  // Where a number stands after the move, by where it stood: within a sample, as the batch stays in front.
  const inner = axes.filter((axis) => axis !== 0);
  const moved = orderOf(x.dims, inner);
  const place = new Int32Array(moved.length);
  for (let n = 0; n < moved.length; n++) place[moved[n]!] = n;
  return { ...x, dims, order: x.order.map((from) => place[from]!) };
}

/** Expand to the shape it has: as exporters write it around a batch of any size. */
function expand(node: OnnxNode): Value {
  const x = node.activation(0);
  const wanted = Array.from(node.constant(1, 'shape').values);
  const isOwn = wanted.every((size, n) => size === 1 || size === x.dims[n - wanted.length + x.dims.length]);
  if (!isOwn || wanted.length > x.dims.length)
    node.refuse(`a repetition to [${wanted.join(', ')}]`, 'the shape as it is');
  return x;
}

/** ONNX's axes in the order of the spec: channels last where there are places. */
function specAxes(node: OnnxNode, rank: number): readonly number[] {
  if (rank < 2 || rank > 4) node.refuse(`an input of ${rank} axes`, 'one of 2 to 4');
  return rank === 2 ? [1] : channelsLast(rank);
}

function concat(node: OnnxNode, { builder }: Context): Value {
  const values = node.inputs.map((_, n) => node.activation(n));
  const [first] = values as [Activation, ...Activation[]];
  const rank = first.dims.length;
  const axis = axisFrom(node.int('axis', 1), rank);
  if (axis === 0) node.refuse('a concatenation of samples', 'one along an axis of a sample');
  if (values.length === 1) return first;
  const dims = first.dims.with(
    axis,
    values.reduce((total, value) => total + value.dims[axis]!, 0),
  );
  if (rank === 2) return concatVectors(builder, values, dims);
  const axes = specAxes(node, rank);
  const names = values.map((value) => arrange(builder, value, axes).layer);
  const position = axes.indexOf(axis) + 1;
  const options = position === axes.length ? {} : { axis: position };
  return activationOf(builder.add('concatenate', names, options), dims, orderOf(dims, axes));
}

/** Vectors may lie in any order: the whole lies in theirs, one after the other. */
function concatVectors(builder: Context['builder'], values: readonly Activation[], dims: readonly number[]): Value {
  const names = values.map((value) => reshaped(builder, value.layer, [elementCount(value.shape)]));
  let before = 0;
  const order = values.flatMap((value) => {
    const own = Array.from(value.order, (place) => place + before);
    before += own.length;
    return own;
  });
  return activationOf(builder.add('concatenate', names), dims, Int32Array.from(order));
}

function pad(node: OnnxNode, { builder }: Context): Value {
  const x = node.activation(0);
  const rank = x.dims.length;
  const given = node.ints('pads') ?? Array.from(node.constant(1, 'list of pads').values);
  const axes = node.optional(3, 'list of axes')?.values ?? x.dims.map((_, axis) => axis);
  const value = node.optional(2, 'value')?.values[0] ?? node.float('value', 0);
  const mode = node.text('mode', 'constant');
  const pads = x.dims.map(() => [0, 0]);
  Array.from(axes, (axis, n) => (pads[axisFrom(axis, rank)] = [given[n]!, given[n + axes.length]!]));
  if (pads.flat().every((size) => size === 0)) return x;
  if ((rank !== 3 && rank !== 4) || [...pads[0]!, ...pads[1]!].some((size) => size !== 0)) {
    node.refuse(`pads = [${given.slice(0, 12).join(', ')}]`, 'pads around the places of an image or a sequence');
  }
  const from = arrange(builder, x, channelsLast(rank), rank === 3 ? [x.dims[2]!, 1, x.dims[1]!] : undefined);
  const sides = [pads[2]!, pads[3] ?? [0, 0]];
  const layer = padLayer(node, builder, from.layer, sides, mode, value);
  const dims = x.dims.map((size, axis) => size + pads[axis]![0]! + pads[axis]![1]!);
  const name = reshaped(
    builder,
    layer,
    channelsLast(rank).map((axis) => dims[axis]!),
  );
  return activationOf({ name, shape: builder.shapeOf(name) }, dims, orderOf(dims, channelsLast(rank)));
}

function padLayer(
  node: OnnxNode,
  builder: Context['builder'],
  input: string,
  sides: readonly (readonly number[])[],
  mode: string,
  value: number,
): string {
  const cut = sides.map((pair) => pair.map((size) => Math.max(0, -size)));
  const padding = sides.map((pair) => pair.map((size) => Math.max(0, size)));
  const cropped = cut.flat().some((size) => size > 0)
    ? builder.add('cropping2d', [input], { cropping: cut }).name
    : input;
  if (padding.flat().every((size) => size === 0)) return cropped;
  if (mode === 'constant' && value === 0) return builder.add('zeroPadding2d', [cropped], { padding }).name;
  if (mode === 'constant') return builder.add('padding2d', [cropped], { padding, value: shortNumber(value) }).name;
  if (mode !== 'reflect' && mode !== 'edge') node.refuse(`mode = ${mode.slice(0, 40)}`, 'constant, reflect or edge');
  return builder.add('padding2d', [cropped], { padding, mode }).name;
}

/** A part of each axis: a slice of the spec. */
function part(
  node: OnnxNode,
  { builder }: Context,
  x: Activation,
  ranges: ReadonlyMap<number, { readonly begin: number; readonly size: number; readonly stride: number }>,
): Activation {
  const axes = specAxes(node, x.dims.length);
  const dims = x.dims.map((size, axis) => ranges.get(axis)?.size ?? size);
  if (ranges.has(0) && dims[0] !== x.dims[0]) node.refuse('a part of the samples', 'a part of a sample');
  if (dims.some((size) => size < 1)) node.refuse('an empty slice', 'one with numbers in it');
  const isWhole = dims.join() === x.dims.join() && [...ranges.values()].every(({ stride }) => stride === 1);
  if (isWhole) return x;
  const from = arrange(builder, x, axes);
  const strides = axes.map((axis) => ranges.get(axis)?.stride ?? 1);
  const options = {
    begin: axes.map((axis) => ranges.get(axis)?.begin ?? 0),
    size: axes.map((axis) => dims[axis]!),
    ...(strides.every((stride) => stride === 1) ? {} : { strides }),
  };
  return activationOf(builder.add('slice', [from.layer], options), dims, orderOf(dims, axes));
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

function depthOf(node: OnnxNode, { builder }: Context, type: string): Value {
  const x = node.activation(0);
  if (x.dims.length !== 4) node.refuse(`an input of ${x.dims.length} axes`, 'an image');
  const order = node.text('mode', 'DCR').toLowerCase();
  const options = { blockSize: node.int('blocksize', 1), ...(order === 'dcr' ? {} : { order }) };
  const from = arrange(builder, x, channelsLast(4));
  return placesOf(builder.add(type, [from.layer], options), x.dims[0]!);
}
