import { type Activation, inverseOf, orderOf } from '../../build/activation.ts';
import { activationOf, arrange, reshaped } from '../../build/arrange.ts';
import { elementCount } from '../../weights/tensors.ts';
import { axisFrom, type Context, channelsLast, type Operator, placesOf, shortNumber } from '../context.ts';
import type { OnnxNode } from '../node.ts';
import { type Constant, constant, type Value } from '../value.ts';

/** Operators that move numbers about without changing them; most cost nothing, as only the view of a layer changes. */
export const shapes: Readonly<Record<string, Operator>> = {
  Identity: (node) => node.activation(0),
  Dropout: dropout,
  Cast: cast,
  CastLike: (node) => (node.inputs[0]?.kind === 'constant' ? node.inputs[0] : node.activation(0)),
  Shape: (node) => shapeOf(node),
  Size: (node) => constant([], [elementCount(node.activation(0).dims)], true),
  Flatten: flatten,
  Reshape: reshape,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transposeAxes,
  Concat: concat,
  Pad: pad,
  DepthToSpace: (node, context) => depthOf(node, context, 'depthToSpace'),
  SpaceToDepth: (node, context) => depthOf(node, context, 'spaceToDepth'),
};

/** What is dropped in training stays in inference. */
function dropout(node: OnnxNode): readonly (Value | undefined)[] {
  const isTraining = node.optional(2, 'training_mode')?.values[0] === 1;
  const ratio = node.optional(1, 'ratio')?.values[0] ?? node.float('ratio', 0.5);
  if (isTraining && ratio !== 0) node.refuse('training_mode = 1', 'a model exported for inference: model.eval()');
  return [node.activation(0), undefined];
}

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
export function viewed(node: OnnxNode, x: Activation, dims: readonly number[]): Activation {
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
  if (axes[0] !== 0 && (x.dims[axes[0]!] !== 1 || x.dims[0] !== 1))
    node.refuse(`perm = [${axes.join(', ')}]`, 'the samples to stay first');
  return transposedAxes(x, axes);
}

/** The value with its axes in another order, of which the first stays. */
export function transposedAxes(x: Activation, axes: readonly number[]): Activation {
  const dims = axes.map((axis) => x.dims[axis]!);
  // Where a number stands after the move, by where it stood: within a sample, as the batch stays in front.
  const inner = axes.filter((axis) => axis !== 0);
  const place = inverseOf(orderOf(x.dims, inner));
  return { ...x, dims, order: x.order.map((from) => place[from]!) };
}

/** ONNX's axes in the order of the spec: channels last where there are places. */
export function specAxes(node: OnnxNode, rank: number): readonly number[] {
  if (rank < 2 || rank > 4) node.refuse(`an input of ${rank} axes`, 'one of 2 to 4');
  return rank === 2 ? [1] : channelsLast(rank);
}

function concat(node: OnnxNode, context: Context): Value {
  const [first] = node.inputs.filter((value) => value?.kind === 'activation');
  if (first === undefined) return node.activation(0);
  const axis = axisFrom(node.int('axis', 1), first.dims.length);
  if (axis === 0) node.refuse('a concatenation of samples', 'one along an axis of a sample');
  if (node.inputs.every((value) => value?.kind === 'activation')) {
    return joined(node, context, node.inputs as readonly Activation[], axis);
  }
  return besideConstants(node, context, axis);
}

/** Constants beside what is computed: zeros around it, and the constants are added. */
function besideConstants(node: OnnxNode, context: Context, axis: number): Value {
  const { builder } = context;
  const isConstant = (n: number) => node.inputs[n]?.kind === 'constant';
  const positions = node.inputs.map((_, n) => n);
  const [from, to] = [positions.find((n) => !isConstant(n))!, positions.findLast((n) => !isConstant(n))!];
  const inside = positions.slice(from, to + 1);
  if (inside.some(isConstant)) node.refuse('a constant between values that are computed', 'constants at the ends');
  const x = joined(
    node,
    context,
    inside.map((n) => node.activation(n)),
    axis,
  );
  const [before, behind] = [node.inputs.slice(0, from), node.inputs.slice(to + 1)] as (readonly Constant[])[];
  const sizeOf = (all: readonly Constant[]) => all.reduce((total, { dims }) => total + (dims[axis] ?? 0), 0);
  const [less, more] = [sizeOf(before!), sizeOf(behind!)];
  const dims = x.dims.with(axis, less + x.dims[axis]! + more);
  const blocks = blocksOf(x.dims, axis);
  const plain = x.dims.slice(1).map((_, n) => n + 1);
  const image = arrange(builder, x, plain, blocks);
  const options = {
    padding: [
      [0, 0],
      [less, more],
    ],
  }; // prettier-ignore
  const padded = builder.add('zeroPadding2d', [image.layer], options);
  const zeros = constant(x.dims, new Float64Array(elementCount(x.dims)));
  const bias = alongAxis(node, [...before!, zeros, ...behind!], axis, dims);
  // The constants are none that learn.
  const added = builder.add('biasAdd', [padded.name], { perPlace: true, trainable: false }, { bias });
  return activationOf({ name: added.name, shape: added.shape }, dims, orderOf(dims, plain));
}

/** [before, axis, behind]: what an axis divides the others into. */
function blocksOf(dims: readonly number[], axis: number): readonly number[] {
  return [elementCount(dims.slice(1, axis)), dims[axis]!, elementCount(dims.slice(axis + 1))];
}

/** Arrays one after the other along an axis, of one sample. */
function alongAxis(node: OnnxNode, parts: readonly Constant[], axis: number, dims: readonly number[]): Float64Array {
  const [before, , behind] = blocksOf(dims, axis) as [number, number, number];
  const runs = parts.map(({ dims: own, values }) => {
    const size = (own[axis] ?? 0) * behind;
    if (values.length !== before * size)
      node.refuse(`a constant [${own.join(', ')}]`, `one beside [${dims.join(', ')}]`);
    return { size, values };
  });
  const all = new Float64Array(elementCount(dims.slice(1)));
  let at = 0;
  for (let block = 0; block < before; block++) {
    for (const { size, values } of runs) {
      all.set(values.subarray(block * size, (block + 1) * size), at);
      at += size;
    }
  }
  return all;
}

/** Values one after the other along an axis. */
export function joined(node: OnnxNode, { builder }: Context, values: readonly Activation[], axis: number): Activation {
  const [first] = values as [Activation, ...Activation[]];
  const rank = first.dims.length;
  if (axis === 0) node.refuse('a concatenation of samples', 'one along an axis of a sample');
  if (values.length === 1) return first;
  const dims = first.dims.with(
    axis,
    values.reduce((total, value) => total + value.dims[axis]!, 0),
  );
  if (rank === 2) return concatVectors(builder, values, dims);
  if (rank > 4) return joinedBlocks(builder, values, dims, axis);
  const axes = specAxes(node, rank);
  const names = values.map((value) => arrange(builder, value, axes).layer);
  const position = axes.indexOf(axis) + 1;
  const options = position === axes.length ? {} : { axis: position };
  return activationOf(builder.add('concatenate', names, options), dims, orderOf(dims, axes));
}

/** Of more axes than a layer has, all before and all behind the one are taken together. */
function joinedBlocks(
  builder: Context['builder'],
  values: readonly Activation[],
  dims: readonly number[],
  axis: number,
): Activation {
  const plain = dims.slice(1).map((_, n) => n + 1);
  const names = values.map((value) => arrange(builder, value, plain, blocksOf(value.dims, axis)).layer);
  return activationOf(builder.add('concatenate', names, { axis: 2 }), dims, orderOf(dims, plain));
}

/** Vectors may lie in any order: the whole lies in theirs, one after the other. */
function concatVectors(
  builder: Context['builder'],
  values: readonly Activation[],
  dims: readonly number[],
): Activation {
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

function depthOf(node: OnnxNode, { builder }: Context, type: string): Value {
  const x = node.activation(0);
  if (x.dims.length !== 4) node.refuse(`an input of ${x.dims.length} axes`, 'an image');
  const order = node.text('mode', 'DCR').toLowerCase();
  const options = { blockSize: node.int('blocksize', 1), ...(order === 'dcr' ? {} : { order }) };
  const from = arrange(builder, x, channelsLast(4));
  return placesOf(builder.add(type, [from.layer], options), x.dims[0]!);
}
