import { elementCount } from '../weights/tensors.ts';
import { broadcastDims, broadcastTo, gather, stridesOf, transpose } from './arrays.ts';
import { axisFrom } from './context.ts';
import type { OnnxNode } from './node.ts';
import { rangeOf } from './operators/selections.ts';
import { maxNumbers, type ReadBeside, readTensor } from './tensor.ts';
import { type Constant, constant, type Value } from './value.ts';

/** Works out a node all of whose inputs are known; undefined where the operator is not among those of shapes and sizes. */
export function foldConstant(node: OnnxNode, readBeside: ReadBeside): Value | undefined {
  if (node.op === 'Constant') return constantOf(node, readBeside);
  const inputs = node.inputs as readonly (Constant | undefined)[];
  return Object.hasOwn(folds, node.op) ? folds[node.op]?.(node, inputs, readBeside) : undefined;
}

/** Whether an operator can be worked out at import. */
export function canFold(op: string): boolean {
  return op === 'Constant' || Object.hasOwn(folds, op);
}

type Fold = (node: OnnxNode, inputs: readonly (Constant | undefined)[], readBeside: ReadBeside) => Constant;

const folds: Readonly<Record<string, Fold>> = {
  Identity: (_, [x]) => x!,
  Cast: cast,
  ConstantOfShape: constantOfShape,
  Shape: (_, [x]) => constant([x!.dims.length], x!.dims, true),
  Size: (_, [x]) => constant([], [x!.values.length], true),
  Gather: take,
  Concat: concat,
  Slice: slice,
  Squeeze: (node, inputs) => squeeze(node, inputs),
  Unsqueeze: (node, inputs) => unsqueeze(node, inputs),
  Reshape: reshape,
  Flatten: (node, [x]) => {
    const axis = axisFrom(node.int('axis', 1), x!.dims.length);
    return { ...x!, dims: [elementCount(x!.dims.slice(0, axis)), elementCount(x!.dims.slice(axis))] };
  },
  Transpose: (node, [x]) => {
    const axes = node.ints('perm') ?? x!.dims.map((_, axis) => x!.dims.length - 1 - axis);
    const dims = axes.map((axis) => x!.dims[axis]!);
    return { ...x!, dims, values: transpose(x!.values, x!.dims, axes) };
  },
  Expand: (node, [x, shape]) => {
    const dims = broadcastDims(x!.dims, Array.from(shape!.values)) ?? node.refuse('shapes that do not fit', 'a shape');
    return { ...x!, dims: bounded(node, dims), values: broadcastTo(x!.values, x!.dims, dims) };
  },
  Range: (node, [start, limit, delta]) => {
    const step = delta!.values[0] ?? 1;
    const length = Math.max(0, Math.ceil(((limit!.values[0] ?? 0) - (start!.values[0] ?? 0)) / step));
    bounded(node, [length]);
    return constant(
      [length],
      Float64Array.from({ length }, (_, n) => (start!.values[0] ?? 0) + n * step),
      start!.isInteger,
    );
  },
  ReduceProd: (_, [x]) =>
    constant(x!.dims.length === 1 ? [1] : [], [x!.values.reduce((product, one) => product * one, 1)], x!.isInteger),
  Where: (node, [condition, a, b]) => {
    const dims = [condition!, a!, b!].reduce<readonly number[]>(
      (all, one) => broadcastDims(all, one.dims) ?? node.refuse('shapes that do not fit', 'shapes that do'),
      [],
    );
    const [c, x, y] = [condition!, a!, b!].map((one) => broadcastTo(one.values, one.dims, dims));
    return constant(
      dims,
      c!.map((one, n) => (one === 0 ? y![n]! : x![n]!)),
      a!.isInteger,
    );
  },
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binary((a, b, isInteger) => (isInteger ? Math.trunc(a / b) : a / b)),
  Mod: binary((a, b) => a - b * Math.floor(a / b)),
  Pow: binary((a, b) => a ** b),
  Max: binary((a, b) => Math.max(a, b)),
  Min: binary((a, b) => Math.min(a, b)),
  Equal: binary((a, b) => Number(a === b)),
  Greater: binary((a, b) => Number(a > b)),
  Less: binary((a, b) => Number(a < b)),
  And: binary((a, b) => a * b),
  Or: binary((a, b) => Math.max(a, b)),
  Not: unary((x) => 1 - x),
  Neg: unary((x) => -x),
  Abs: unary(Math.abs),
  Sqrt: unary(Math.sqrt),
  Exp: unary(Math.exp),
  Reciprocal: unary((x) => 1 / x),
  Floor: unary(Math.floor),
  Ceil: unary(Math.ceil),
  DequantizeLinear: dequantize,
};

function bounded(node: OnnxNode, dims: readonly number[]): readonly number[] {
  if (!(elementCount(dims) <= maxNumbers) || dims.some((size) => size < 0)) {
    node.refuse(`a constant of [${dims.slice(0, 8).join(', ')}]`, `at most ${maxNumbers} numbers`);
  }
  return dims;
}

function unary(f: (x: number) => number): Fold {
  return (_, [x]) => ({ ...x!, values: x!.values.map(f) });
}

function binary(f: (a: number, b: number, isInteger: boolean) => number): Fold {
  return (node, inputs) => {
    const [first, ...rest] = inputs as readonly [Constant, ...Constant[]];
    return rest.reduce((a, b) => {
      const dims = broadcastDims(a.dims, b.dims) ?? node.refuse('shapes that do not fit', 'shapes that do');
      bounded(node, dims);
      const isInteger = a.isInteger && b.isInteger;
      const [x, y] = [broadcastTo(a.values, a.dims, dims), broadcastTo(b.values, b.dims, dims)];
      return constant(
        dims,
        x.map((one, n) => f(one, y[n]!, isInteger)),
        isInteger,
      );
    }, first);
  };
}

function constantOf(node: OnnxNode, readBeside: ReadBeside): Constant {
  const tensor = node.attribute('value')?.t;
  if (tensor !== undefined) return readTensor(tensor, readBeside);
  const one = node.attribute('value_float')?.f ?? node.attribute('value_int')?.i;
  if (one !== undefined) return constant([], [one], node.has('value_int'));
  const several = node.floats('value_floats') ?? node.ints('value_ints');
  if (several !== undefined && (node.has('value_floats') || node.has('value_ints'))) {
    return constant([several.length], several, node.has('value_ints'));
  }
  return node.refuse('a constant that is no number', 'value, value_float, value_int or a list of them');
}

/** Types of integers: ONNX cuts towards 0. */
const integerTypes = [2, 3, 4, 5, 6, 7, 9, 12, 13];

function cast(node: OnnxNode, [x]: readonly (Constant | undefined)[]): Constant {
  const isInteger = integerTypes.includes(node.int('to', 1));
  return { ...x!, isInteger, values: isInteger ? x!.values.map(Math.trunc) : x!.values };
}

function constantOfShape(node: OnnxNode, [shape]: readonly (Constant | undefined)[], readBeside: ReadBeside): Constant {
  const dims = bounded(node, Array.from(shape!.values));
  const tensor = node.attribute('value')?.t;
  const value = tensor === undefined ? undefined : readTensor(tensor, readBeside);
  return constant(dims, new Float64Array(elementCount(dims)).fill(value?.values[0] ?? 0), value?.isInteger ?? false);
}

function take(node: OnnxNode, [data, indices]: readonly (Constant | undefined)[]): Constant {
  const axis = axisFrom(node.int('axis', 0), data!.dims.length);
  const length = data!.dims[axis] ?? 0;
  const inner = elementCount(data!.dims.slice(axis + 1));
  const outer = elementCount(data!.dims.slice(0, axis));
  const dims = bounded(node, [...data!.dims.slice(0, axis), ...indices!.dims, ...data!.dims.slice(axis + 1)]);
  const values: number[] = [];
  for (let o = 0; o < outer; o++) {
    for (const index of indices!.values) {
      const place = axisFrom(index, length);
      if (!(place >= 0 && place < length)) node.refuse(`index ${index}`, `one below ${length}`);
      for (let i = 0; i < inner; i++) values.push(data!.values[(o * length + place) * inner + i]!);
    }
  }
  return constant(dims, values, data!.isInteger);
}

function concat(node: OnnxNode, inputs: readonly (Constant | undefined)[]): Constant {
  const all = inputs as readonly Constant[];
  const [first] = all as [Constant, ...Constant[]];
  const axis = axisFrom(node.int('axis', 0), first.dims.length);
  if (all.some(({ dims }) => dims.with(axis, 0).join() !== first.dims.with(axis, 0).join())) {
    node.refuse('shapes that differ', `shapes that differ along axis ${axis} only`);
  }
  const dims = bounded(
    node,
    first.dims.with(
      axis,
      all.reduce((total, one) => total + one.dims[axis]!, 0),
    ),
  );
  const outer = elementCount(first.dims.slice(0, axis));
  const parts: number[] = [];
  for (let o = 0; o < outer; o++) {
    for (const { values } of all) {
      const run = values.length / outer;
      for (let n = o * run; n < (o + 1) * run; n++) parts.push(values[n]!);
    }
  }
  return constant(dims, parts, first.isInteger);
}

function slice(node: OnnxNode, [x, ...given]: readonly (Constant | undefined)[]): Constant {
  const list = (name: string, position: number) =>
    node.ints(name) ?? (given[position] && Array.from(given[position].values));
  const starts = list('starts', 0) ?? [];
  const ends = list('ends', 1) ?? [];
  const axes = list('axes', 2) ?? starts.map((_, n) => n);
  const steps = list('steps', 3) ?? starts.map(() => 1);
  const dims = [...x!.dims];
  const strides = stridesOf(x!.dims);
  let start = 0;
  for (const [n, axisGiven] of axes.entries()) {
    const axis = axisFrom(axisGiven, dims.length);
    if (!(axis in dims) || !steps[n]) node.refuse(`axis ${axisGiven}`, 'an axis of the input, and a step');
    const { begin, size, stride } = rangeOf(dims[axis]!, starts[n]!, ends[n]!, steps[n]!);
    start += begin * strides[axis]!;
    dims[axis] = size;
    strides[axis]! *= stride;
  }
  return constant(dims, gather(x!.values, dims, strides, start), x!.isInteger);
}

function squeeze(node: OnnxNode, [x, given]: readonly (Constant | undefined)[]): Constant {
  const axes = (node.ints('axes') ?? (given && Array.from(given.values)))?.map((axis) =>
    axisFrom(axis, x!.dims.length),
  );
  const dims = x!.dims.filter((size, axis) => !(axes === undefined ? size === 1 : axes.includes(axis)));
  return { ...x!, dims };
}

function unsqueeze(node: OnnxNode, [x, given]: readonly (Constant | undefined)[]): Constant {
  const axes = node.ints('axes') ?? Array.from(given?.values ?? []);
  const rank = bounded(node, x!.dims).length + axes.length;
  if (rank > 16) node.refuse(`${rank} axes`, 'at most 16');
  const own = axes.map((axis) => axisFrom(axis, rank));
  const rest = [...x!.dims];
  return { ...x!, dims: Array.from({ length: rank }, (_, axis) => (own.includes(axis) ? 1 : (rest.shift() ?? 1))) };
}

function reshape(node: OnnxNode, [x, shape]: readonly (Constant | undefined)[]): Constant {
  const wanted = node.ints('shape') ?? Array.from(shape?.values ?? []);
  const dims = wanted.map((size, axis) => (size === 0 ? (x!.dims[axis] ?? 1) : size));
  const known = dims.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const full = dims.map((size) => (size === -1 ? x!.values.length / known : size));
  if (elementCount(full) !== x!.values.length)
    node.refuse(`a shape [${wanted.join(', ')}]`, `${x!.values.length} numbers`);
  return { ...x!, dims: full };
}

/** Weights stored as integers: (x − zero point)·scale, along an axis where there are several. */
function dequantize(node: OnnxNode, [x, scale, zero]: readonly (Constant | undefined)[]): Constant {
  const axis = axisFrom(node.int('axis', 1), x!.dims.length);
  const stride = elementCount(x!.dims.slice(axis + 1));
  const at = (given: Constant | undefined, n: number, absent: number) =>
    given === undefined
      ? absent
      : given.values.length === 1
        ? given.values[0]!
        : given.values[Math.floor(n / stride) % given.values.length]!;
  return constant(
    x!.dims,
    x!.values.map((value, n) => (value - at(zero, n, 0)) * at(scale, n, 1)),
    false,
  );
}
