import { type Activation, orderOf, plainOrder } from '../../build/activation.ts';
import { activationOf, arrange, flattened } from '../../build/arrange.ts';
import { addBias } from '../../build/fuse.ts';
import { elementCount } from '../../weights/tensors.ts';
import { broadcastTo, transpose } from '../arrays.ts';
import type { Context, Operator } from '../context.ts';
import type { OnnxNode } from '../node.ts';
import type { Constant, Value } from '../value.ts';

export const dense: Readonly<Record<string, Operator>> = { Gemm: gemm, MatMul: matMul };

/** Gemm: α·A·B + β·C, each of A and B transposed where it is said so. */
function gemm(node: OnnxNode, context: Context): Value {
  const x = node.activation(0);
  const matrix = node.constant(1, 'matrix B');
  const bias = node.optional(2, 'matrix C');
  if (node.int('transA', 0) === 1) node.refuse('transA = 1', '0: the rows of A are the samples');
  if (x.dims.length !== 2) node.refuse(`an input of ${x.dims.length} axes`, 'one of 2: samples and numbers');
  const isTransposed = node.int('transB', 0) === 1;
  const plain = isTransposed ? transposed(matrix) : matrix;
  const alpha = node.float('alpha', 1);
  const kernel = alpha === 1 ? plain : { ...plain, values: plain.values.map((w) => alpha * w) };
  const units = kernel.dims[1] ?? 0;
  const beta = node.float('beta', 1);
  if (bias === undefined || beta === 0) return denseOf(node, context, x, kernel);
  const row = bias.dims.length === 2 && bias.dims[0] === 1 ? bias.dims.slice(1) : bias.dims;
  if (row.length > 1 || (row[0] ?? 1) > units) node.refuse(`a C of [${bias.dims.join(', ')}]`, `a row of ${units}`);
  const values = broadcastTo(bias.values, row, [units]).map((b) => beta * b);
  return denseOf(node, context, x, kernel, values);
}

function transposed(matrix: Constant): Constant {
  return { ...matrix, dims: [...matrix.dims].reverse(), values: transpose(matrix.values, matrix.dims, [1, 0]) };
}

/** A dense layer takes its input in the order in which it lies: the rows of the kernel follow. */
function denseOf(node: OnnxNode, { builder }: Context, x: Activation, kernel: Constant, bias?: Float64Array): Value {
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
  if (kernel.dims.slice(0, -2).some((size) => size !== 1)) node.refuse('a batch of matrices', 'one matrix');
  const flat = { ...kernel, dims: kernel.dims.slice(-2) };
  const value = x.dims.length === 2 ? denseOf(node, context, x, flat) : denseAlong(node, context, x, flat);
  return matrix.dims.length === 1 ? { ...(value as Activation), dims: x.dims.slice(0, -1) } : value;
}

/** A matrix on the last axis alone is a convolution of 1 × 1 over the other axes. */
function denseAlong(node: OnnxNode, { builder }: Context, x: Activation, kernel: Constant): Value {
  const rank = x.dims.length;
  const [rows, units] = kernel.dims as [number, number];
  if (x.dims[rank - 1] !== rows)
    node.refuse(`a matrix of ${rows} rows for ${x.dims[rank - 1]} numbers`, 'one that fits');
  const places = elementCount(x.dims.slice(1, -1));
  const axes = x.dims.slice(1).map((_, n) => n + 1);
  const from = arrange(builder, x, axes, [1, places, rows]);
  const options = { filters: units, kernelSize: 1, useBias: false };
  const layer = builder.add('conv2d', [from.layer], options, { kernel: kernel.values });
  const dims = [...x.dims.slice(0, -1), units];
  return activationOf(layer, dims, orderOf(dims, axes));
}

/** M·x of a column x, [b, n, 1]: the dense layer of the transposed matrix. */
function matrixFirst(node: OnnxNode, context: Context, matrix: Constant): Value {
  const x = node.activation(1);
  if (matrix.dims.length !== 2 || x.dims.length !== 3 || x.dims[2] !== 1) {
    node.refuse('a constant matrix in front', 'the input of the network in front');
  }
  const value = denseOf(node, context, { ...x, dims: x.dims.slice(0, 2) }, transposed(matrix)) as Activation;
  return { ...value, dims: [...value.dims, 1] };
}

/** A bias of a row for a layer that has none; whether it could be given. */
export function takeBias({ builder }: Context, x: Activation, values: Float64Array): boolean {
  const channels = x.shape.at(-1)!;
  if (builder.layerOf(x.layer)?.shape.at(-1) !== channels) return false;
  return addBias(builder, x, values);
}
