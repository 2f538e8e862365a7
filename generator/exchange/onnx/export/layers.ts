import type { LayerKind } from '../../../layers/registry.ts';
import type { WindowOptions } from '../../../layers/windows.ts';
import { cutBefore, type Stamp } from '../../stamp.ts';
import { transpose } from '../arrays.ts';
import type { LayerIo } from './io.ts';
import { resize, spaceToDepth } from './resize.ts';
import {
  alongRow,
  type Pool1d,
  type Pool2d,
  poolWindow,
  rowAttributes,
  rowWindow,
  windowAttributes,
} from './windows.ts';
import type { LayerOf, Writer } from './writer.ts';

/** Every layer in operators of opset 17, channels first where ONNX has them so. */
export const layerWriters: { readonly [K in LayerKind]?: Writer<K> } = {
  conv2d: (o, io) => {
    const window = { size: o.kernelSize, strides: o.strides, padding: o.padding, dilation: o.dilationRate };
    const kernel = o.flipKernel ? flipped(io.values('kernel'), o.kernelSize) : io.values('kernel');
    const dims = [...o.kernelSize, io.inputShape[2]! / o.groups, o.filters];
    const weights = io.tensor(
      'kernel',
      [dims[3]!, dims[2]!, dims[0]!, dims[1]!],
      transpose(kernel, dims, [3, 2, 0, 1]),
    );
    const inputs = [io.first(), weights, ...(o.useBias ? [io.parameter('bias')] : [])];
    io.giveFirst(io.node('Conv', inputs, { ...windowAttributes(io.inputShape, window), group: o.groups }));
  },
  conv1d: (o, io) => {
    const window = alongRow(o.kernelSize, o.strides, o.padding, o.dilationRate);
    const depth = io.inputShape[1]! / o.groups;
    const kernel = o.flipKernel ? flipped(io.values('kernel'), [1, o.kernelSize]) : io.values('kernel');
    const own = transpose(kernel, [o.kernelSize, depth, o.filters], [2, 1, 0]);
    const inputs = [io.first(), io.tensor('kernel', [o.filters, depth, o.kernelSize], own)];
    const attributes = rowAttributes(windowAttributes([1, ...io.inputShape], window));
    io.giveFirst(
      io.node('Conv', [...inputs, ...(o.useBias ? [io.parameter('bias')] : [])], { ...attributes, group: o.groups }),
    );
  },
  depthwiseConv2d: (o, io) => {
    const window = { size: o.kernelSize, strides: o.strides, padding: o.padding, dilation: o.dilationRate };
    const channels = io.inputShape[2]!;
    const dims = [...o.kernelSize, channels, o.depthMultiplier];
    const own = transpose(io.values('kernel'), dims, [2, 3, 0, 1]);
    const weights = io.tensor('kernel', [channels * o.depthMultiplier, 1, ...o.kernelSize], own);
    const inputs = [io.first(), weights, ...(o.useBias ? [io.parameter('bias')] : [])];
    io.giveFirst(io.node('Conv', inputs, { ...windowAttributes(io.inputShape, window), group: channels }));
  },
  conv2dTranspose: (o, io) => {
    const channels = io.inputShape[2]!;
    const dims = [...o.kernelSize, o.filters / o.groups, channels];
    const own = transpose(io.values('kernel'), dims, [3, 2, 0, 1]);
    const weights = io.tensor('kernel', [channels, dims[2]!, dims[0]!, dims[1]!], own);
    const sides = [0, 1].map((axis) => stampSides(io, o, axis as 0 | 1));
    const attributes = {
      kernel_shape: o.kernelSize,
      strides: o.strides,
      dilations: o.dilationRate,
      pads: [...sides.map(({ before }) => before), ...sides.map(({ behind }) => Math.max(0, behind))],
      output_padding: sides.map(({ behind }) => Math.max(0, -behind)),
      group: o.groups,
    };
    io.giveFirst(
      io.node('ConvTranspose', [io.first(), weights, ...(o.useBias ? [io.parameter('bias')] : [])], attributes),
    );
  },
  dense: (o, io) =>
    io.giveLast(io.node('Gemm', [io.last(), io.parameter('kernel'), ...(o.useBias ? [io.parameter('bias')] : [])])),
  maxPooling2d: (o, io) => pool(io, 'MaxPool', o, poolWindow(o)),
  averagePooling2d: (o, io) => pool(io, 'AveragePool', o, poolWindow(o)),
  maxPooling1d: (o, io) => pool(io, 'MaxPool', o, rowWindow(o)),
  averagePooling1d: (o, io) => pool(io, 'AveragePool', o, rowWindow(o)),
  lpPooling2d: (o, io) => pool(io, 'LpPool', o, poolWindow(o)),
  lpPooling1d: (o, io) => pool(io, 'LpPool', o, rowWindow(o)),
  reduceMean: (o, io) => {
    const rank = io.inputShape.length;
    const axes = o.axes ?? io.inputShape.map((_, axis) => axis + 1);
    const mean = io.node('ReduceMean', [io.last()], {
      axes: axes.map((axis) => (axis < 0 ? rank + 1 + axis : axis)),
      keepdims: 1,
    });
    io.giveLast(o.keepDims ? mean : io.node('Reshape', [mean, io.integers([-1, ...io.outputShape])]));
  },
  unitNormalization: (o, io) => {
    const axis = o.axis < 0 ? io.inputShape.length + 1 + o.axis : o.axis;
    io.giveLast(io.node('LpNormalization', [io.last()], { axis, p: o.order }));
  },
  globalAveragePooling2d: (_, io) => globalPool(io, 'GlobalAveragePool'),
  globalMaxPooling2d: (_, io) => globalPool(io, 'GlobalMaxPool'),
  globalAveragePooling1d: (_, io) => globalPool(io, 'GlobalAveragePool'),
  globalMaxPooling1d: (_, io) => globalPool(io, 'GlobalMaxPool'),
  batchNormalization: (o, io) => {
    const parameters = ['gamma', 'beta', 'movingMean', 'movingVariance'].map((kind) => io.parameter(kind));
    io.giveFirst(io.node('BatchNormalization', [io.first(), ...parameters], { epsilon: { float: o.epsilon } }));
  },
  flatten: (_, io) => io.giveLast(io.node('Flatten', [io.last()], { axis: 1 })),
  reshape: (o, io) => io.giveLast(io.node('Reshape', [io.last(), io.integers([-1, ...o.shape])])),
  activation: (_, io) => io.giveAsItIs(),
  dropout: (_, io) => io.giveAsItIs(),
  zeroPadding2d: (o, io) => border(io, o.padding, 'constant', 0),
  padding2d: (o, io) => border(io, o.padding, o.mode, o.value),
  cropping2d: (o, io) => {
    const [rows, columns] = o.cropping;
    const [height, width] = io.inputShape as readonly [number, number, number];
    const lists = [
      [rows[0], columns[0]],
      [height - rows[1], width - columns[1]],
      [2, 3],
    ].map((list) => io.integers(list));
    io.giveFirst(io.node('Slice', [io.first(), ...lists]));
  },
  slice: (o, io) => {
    const strides = o.strides ?? o.begin.map(() => 1);
    // Backwards a slice ends before its last place, and before the first there is only "far before".
    const ends = o.begin.map((begin, axis) => {
      const end = begin + strides[axis]! * o.size[axis]!;
      return end < 0 ? -(2 ** 40) : end;
    });
    const lists = [o.begin, ends, o.begin.map((_, axis) => axis + 1), strides].map((list) => io.integers(list));
    io.giveLast(io.node('Slice', [io.last(), ...lists]));
  },
  permute: (o, io) => io.giveLast(io.node('Transpose', [io.last()], { perm: [0, ...o.dims] })),
  upSampling2d: (o, io) => {
    resize(io, io.outputShape, o, o.interpolation === 'nearest' ? 'asymmetric' : 'half_pixel');
  },
  resizing: (o, io) => {
    const names = { halfPixel: 'half_pixel', alignCorners: 'align_corners', asymmetric: 'asymmetric' };
    resize(io, io.outputShape, o, names[o.coordinates]);
  },
  depthToSpace: (o, io) =>
    io.giveFirst(io.node('DepthToSpace', [io.first()], { blocksize: o.blockSize, mode: o.order.toUpperCase() })),
  spaceToDepth: (o, io) => spaceToDepth(io, o.blockSize, o.order),
  add: (_, io) => merge(io, 'Add'),
  multiply: (_, io) => merge(io, 'Mul'),
  subtract: (_, io) => merge(io, 'Sub'),
  divide: (_, io) => merge(io, 'Div'),
  maximum: (_, io) => merge(io, 'Max'),
  minimum: (_, io) => merge(io, 'Min'),
  average: (_, io) => io.give(io.node('Mean', io.together()), io.togetherIsFirst()),
  squaredDifference: (_, io) => {
    const difference = io.node('Sub', io.together());
    io.give(io.node('Mul', [difference, difference]), io.togetherIsFirst());
  },
  dot: (_, io) => {
    const product = io.node('Mul', io.together());
    io.giveLast(io.node('ReduceSum', [product, io.integers([1])], { keepdims: 1 }));
  },
  concatenate: (o, io) => {
    const rank = io.inputShape.length;
    const axis = o.axis < 0 ? rank + o.axis + 1 : o.axis;
    io.giveLast(io.node('Concat', io.allLast(), { axis }));
  },
  prelu: (o, io) =>
    io.giveLast(io.node('PRelu', [io.last(), o.perPlace ? io.parameter('alpha') : io.parameter('alpha')])),
  biasAdd: (_, io) => io.giveLast(io.node('Add', [io.last(), io.parameter('bias')])),
  rescaling: (o, io) => {
    const product = io.node('Mul', [io.any(), io.scalar(o.scale)]);
    io.give(o.offset === 0 ? product : io.node('Add', [product, io.scalar(o.offset)]), io.anyIsFirst());
  },
  layerNormalization: (o, io) =>
    io.giveLast(
      io.node('LayerNormalization', [io.last(), io.parameter('gamma'), io.parameter('beta')], {
        axis: -1,
        epsilon: { float: o.epsilon },
      }),
    ),
  instanceNormalization: (o, io) =>
    io.giveFirst(
      io.node('InstanceNormalization', [io.first(), io.parameter('gamma'), io.parameter('beta')], {
        epsilon: { float: o.epsilon },
      }),
    ),
  groupNormalization: (o, io) => {
    const [ones, zeros] = [1, 0].map((value, n) =>
      io.tensor(`group${n}`, [o.groups], new Float64Array(o.groups).fill(value)),
    );
    const grouped = io.node('Reshape', [io.first(), io.integers([-1, o.groups, io.inputSize / o.groups])]);
    const normal = io.node('InstanceNormalization', [grouped, ones!, zeros!], { epsilon: { float: o.epsilon } });
    const back = io.node('Reshape', [normal, io.integers([-1, ...io.firstShape(io.inputShape)])]);
    const scaled = io.node('Mul', [back, io.channelTensor('gamma')]);
    io.giveFirst(io.node('Add', [scaled, io.channelTensor('beta')]));
  },
  localResponseNormalization: (o, io) => {
    const size = 2 * o.depthRadius + 1;
    const attributes = { size, alpha: { float: o.alpha * size }, beta: { float: o.beta }, bias: { float: o.bias } };
    io.giveFirst(io.node('LRN', [io.first()], attributes));
  },
};

/** The kernel rotated by 180°. */
function flipped(kernel: ArrayLike<number>, [height, width]: readonly [number, number]): Float64Array {
  const run = kernel.length / (height * width);
  return Float64Array.from(
    { length: kernel.length },
    (_, n) => kernel[(height * width - 1 - Math.floor(n / run)) * run + (n % run)]!,
  );
}

function pool(io: LayerIo, op: string, o: Pool2d | Pool1d, window: WindowOptions): void {
  const isRow = io.inputShape.length === 2;
  const whole = windowAttributes(isRow ? [1, ...io.inputShape] : io.inputShape, window);
  const { dilations, ...attributes } = isRow ? rowAttributes(whole) : whole;
  if (op === 'MaxPool') {
    io.giveFirst(io.node(op, [io.first()], { ...attributes, dilations }));
    return;
  }
  if (op === 'LpPool') {
    if (dilations.some((step) => step !== 1)) io.refuse('a dilated LpPool', 'none: opset 17 has no such operator');
    io.giveFirst(io.node(op, [io.first()], { ...attributes, p: (o as LayerOf<'lpPooling2d'>['options']).order }));
    return;
  }
  if (dilations.some((step) => step !== 1)) io.refuse('a dilated average pool', 'none: opset 17 has no such operator');
  const counts = 'countIncludePad' in o && o.countIncludePad;
  if (counts && window.ceilMode) io.refuse('ceilMode with countIncludePad', 'one of them');
  io.giveFirst(io.node(op, [io.first()], { ...attributes, count_include_pad: counts ? 1 : 0 }));
}

function globalPool(io: LayerIo, op: string): void {
  io.giveLast(io.node('Flatten', [io.node(op, [io.first()])], { axis: 1 }));
}

type Border = LayerOf<'zeroPadding2d'>['options']['padding'];

function border(io: LayerIo, [rows, columns]: Border, mode: string, value: number): void {
  if (mode === 'symmetric') io.refuse("the mode 'symmetric'", 'constant, reflect or edge: opset 17 has no other');
  const pads = io.integers([0, 0, rows[0], columns[0], 0, 0, rows[1], columns[1]]);
  io.giveFirst(io.node('Pad', [io.first(), pads, ...(mode === 'constant' ? [io.scalar(value)] : [])], { mode }));
}

/** Two by two: Add and the like have two inputs, Max and Min any number. */
function merge(io: LayerIo, op: string): void {
  const [first, ...rest] = io.together() as [string, ...string[]];
  io.give(
    rest.reduce((joined, next) => io.node(op, [joined, next]), first),
    io.togetherIsFirst(),
  );
}

/** What is cut off the full output before and behind; negative behind where places are added. */
function stampSides(io: LayerIo, o: Stamp, axis: 0 | 1): { readonly before: number; readonly behind: number } {
  const reach = (o.kernelSize[axis] - 1) * o.dilationRate[axis] + 1;
  const full = (io.inputShape[axis]! - 1) * o.strides[axis] + reach;
  const before = cutBefore(o, axis);
  return { before, behind: full - before - io.outputShape[axis]! };
}
