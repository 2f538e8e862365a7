import { type Activation, orderOf, plainOrder } from '../../build/activation.ts';
import { activationOf, arrange, flattened } from '../../build/arrange.ts';
import { elementCount } from '../../weights/tensors.ts';
import { broadcastDims, broadcastTo, transpose } from '../arrays.ts';
import type { Context, Operator } from '../context.ts';
import type { OnnxNode } from '../node.ts';
import { type Constant, constant, type Value } from '../value.ts';
import { elementwise } from './elementwise.ts';
import { part } from './selections.ts';
import { joined, transposedAxes } from './shapes.ts';

export const dense: Readonly<Record<string, Operator>> = { Gemm: gemm, MatMul: matMul };

/** Gemm: α·A·B + β·C, each of A and B transposed where it is said so. */
function gemm(node: OnnxNode, context: Context): Value {
  const x = node.activation(0);
  const matrix = node.constant(1, 'matrix B');
  const isTurned = node.int('transA', 0) === 1;
  if (isTurned && context.reading === 'samples') node.refuse('transA = 1', '0: the rows of A are the samples');
  const rank = context.reading === 'samples' ? 2 : x.dims.length;
  if (x.dims.length !== rank || x.dims.length > 3) {
    node.refuse(`an input of ${x.dims.length} axes`, 'one of 2: samples and numbers');
  }
  const a = isTurned ? transposedAxes(x, [0, 2, 1]) : x;
  const plain = node.int('transB', 0) === 1 ? transposed(matrix) : matrix;
  const alpha = node.float('alpha', 1);
  const kernel = alpha === 1 ? plain : { ...plain, values: plain.values.map((w) => alpha * w) };
  const beta = node.float('beta', 1);
  const c = beta === 0 ? undefined : node.inputs[2];
  const row = c?.kind === 'constant' ? rowOf(c, kernel.dims[1] ?? 0) : undefined;
  const bias = row?.map((b) => beta * b);
  const value =
    a.dims.length === 2 ? denseOf(node, context, a, kernel, bias) : denseAlong(node, context, a, kernel, bias);
  if (c === undefined || row !== undefined) return value;
  const term =
    c.kind === 'constant'
      ? { ...c, values: c.values.map((one) => beta * one) }
      : times(node, context, node.activation(2), beta);
  return elementwise.Add!(node.with({}, [value, term]), context) as Value;
}

function times(node: OnnxNode, context: Context, x: Activation, factor: number): Value {
  return factor === 1 ? x : (elementwise.Mul!(node.with({}, [x, constant([], [factor])]), context) as Value);
}

/** The numbers of one row, if all rows are alike. */
function rowOf({ dims, values }: Constant, units: number): Float64Array | undefined {
  const row = dims.length === 2 && dims[0] === 1 ? dims.slice(1) : dims;
  return row.length > 1 || (row[0] ?? 1) > units ? undefined : broadcastTo(values, row, [units]);
}

function transposed(matrix: Constant): Constant {
  const axes = matrix.dims.map((_, n) => n);
  const turned = [...axes.slice(0, -2), axes.length - 1, axes.length - 2];
  const dims = turned.map((axis) => matrix.dims[axis]!);
  return { ...matrix, dims, values: transpose(matrix.values, matrix.dims, turned) };
}

/** A dense layer takes its input in the order in which it lies: the rows of the kernel follow. */
function denseOf(
  node: OnnxNode,
  { builder }: Context,
  x: Activation,
  kernel: Constant,
  bias?: Float64Array,
): Activation {
  const length = elementCount(x.shape);
  const [rows, units] = kernel.dims as [number, number];
  if (kernel.dims.length !== 2 || rows !== length) {
    node.refuse(`a matrix [${kernel.dims.join(', ')}] for ${length} numbers`, `one of ${length} rows`);
  }
  const from = flattened(builder, x);
  const own = new Float64Array(rows * units);
  for (let n = 0; n < rows; n++)
    own.set(kernel.values.subarray(x.order[n]! * units, (x.order[n]! + 1) * units), n * units);
  const options = { units, ...(bias === undefined ? { useBias: false } : {}) };
  const layer = builder.add('dense', [from.layer], options, { kernel: own, ...(bias === undefined ? {} : { bias }) });
  const dims = [x.dims[0]!, units];
  return activationOf(layer, dims, plainOrder(dims));
}

/** MatMul with a constant matrix: a dense layer, or one for every place where there are several. */
function matMul(node: OnnxNode, context: Context): Value {
  if (node.inputs[0]?.kind === 'constant') return matrixFirst(node, context, node.inputs[0]);
  const x = node.activation(0);
  const matrix = node.constant(1, 'second matrix');
  const kernel = matrix.dims.length === 1 ? { ...matrix, dims: [matrix.dims[0]!, 1] } : matrix;
  const value = timesMatrix(node, context, x, kernel);
  return matrix.dims.length === 1 ? { ...value, dims: value.dims.slice(0, -1) } : value;
}

function timesMatrix(node: OnnxNode, context: Context, x: Activation, kernel: Constant): Activation {
  if (kernel.dims.slice(0, -2).some((size) => size !== 1)) return timesMatrices(node, context, x, kernel);
  const flat = { ...kernel, dims: kernel.dims.slice(-2) };
  return x.dims.length === 2 ? denseOf(node, context, x, flat) : denseAlong(node, context, x, flat);
}

/** Nobody writes out more. */
const maxMatrices = 64;

/** A matrix for each of several: slices, each with a layer of its own, one after the other. */
function timesMatrices(node: OnnxNode, context: Context, x: Activation, kernel: Constant): Activation {
  const isVector = x.dims.length === 2;
  const many = broadcastDims(kernel.dims.slice(0, -2), isVector ? [] : x.dims.slice(1, -2));
  const count = elementCount(many ?? [0]);
  const own = isVector ? [] : x.dims.slice(1, -2);
  if (context.reading === 'samples' && kernel.dims.length - 2 > own.length) {
    node.refuse(`matrices [${kernel.dims.join(', ')}] for the samples`, 'the same for all samples');
  }
  if (many === undefined || !(count >= 1 && count <= maxMatrices)) {
    return node.refuse(`matrices [${kernel.dims.join(', ')}] for [${x.dims.join(', ')}]`, `at most ${maxMatrices}`);
  }
  const inner = kernel.dims.slice(-2);
  const matrices = broadcastTo(kernel.values, kernel.dims, [...many, ...inner]);
  const rows = isVector ? 1 : x.dims.at(-2)!;
  // Of several axes in front one: [n, m, rows, columns].
  const each = { ...x, dims: [x.dims[0]!, elementCount(own), rows, x.dims.at(-1)!] };
  const places = broadcastTo(
    Array.from({ length: elementCount(own) }, (_, n) => n),
    own,
    many,
  );
  const results = Array.from(places, (place, n) => {
    const begin = each.dims[1] === 1 ? 0 : place;
    const one = part(node, context, each, new Map([[1, { begin, size: 1, stride: 1 }]]));
    const values = matrices.subarray(n * elementCount(inner), (n + 1) * elementCount(inner));
    return denseAlong(node, context, one, { kind: 'constant', dims: inner, values, isInteger: false });
  });
  const value = joined(node, context, results, 1);
  return { ...value, dims: [x.dims[0]!, ...many, ...(isVector ? [] : [rows]), inner[1]!] };
}

/** A matrix on the last axis alone is a convolution of 1 × 1 over the other axes. */
function denseAlong(
  node: OnnxNode,
  { builder }: Context,
  x: Activation,
  kernel: Constant,
  bias?: Float64Array,
): Activation {
  const rank = x.dims.length;
  const [rows, units] = kernel.dims as [number, number];
  if (kernel.dims.length !== 2 || x.dims[rank - 1] !== rows) {
    node.refuse(`a matrix [${kernel.dims.join(', ')}] for ${x.dims[rank - 1]} numbers`, 'one that fits');
  }
  const places = elementCount(x.dims.slice(1, -1));
  const axes = x.dims.slice(1).map((_, n) => n + 1);
  const from = arrange(builder, x, axes, [1, places, rows]);
  const options = { filters: units, kernelSize: 1, ...(bias === undefined ? { useBias: false } : {}) };
  const parameters = { kernel: kernel.values, ...(bias === undefined ? {} : { bias }) };
  const layer = builder.add('conv2d', [from.layer], options, parameters);
  const dims = [...x.dims.slice(0, -1), units];
  return activationOf(layer, dims, orderOf(dims, axes));
}

/** M·x is (xᵀ·Mᵀ)ᵀ. */
function matrixFirst(node: OnnxNode, context: Context, matrix: Constant): Value {
  const x = node.activation(1);
  const isColumn = x.dims.length === 2;
  if (matrix.dims.length < 2 || (isColumn && context.reading === 'samples')) {
    node.refuse('a constant matrix in front', 'the input of the network in front');
  }
  const columns = isColumn ? { ...x, dims: [...x.dims, 1] } : x;
  const turn = (value: Activation): Activation => {
    const axes = value.dims.map((_, n) => n);
    return transposedAxes(value, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
  };
  // A column alone is a vector, for a dense layer.
  if (columns.dims.length === 3 && columns.dims[2] === 1 && matrix.dims.length === 2) {
    const value = denseOf(node, context, { ...columns, dims: columns.dims.slice(0, 2) }, transposed(matrix));
    return isColumn ? value : { ...value, dims: [...value.dims, 1] };
  }
  const value = turn(timesMatrix(node, context, turn(columns), transposed(matrix)));
  return isColumn ? { ...value, dims: value.dims.slice(0, -1) } : value;
}
