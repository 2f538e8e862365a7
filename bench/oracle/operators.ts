import type { ActivationName, ActivationNumbers } from '../../generator/layers/options.ts';
import type { LayerKind, LayerOptions } from '../../generator/layers/registry.ts';
import type { LossName, Padding, Size } from '../../generator/spec/network.ts';
import type { Tensor, TensorFlow } from '../engines/tfjsTypes.ts';

/**
 * TensorFlow.js' gradients lack dilated convolutions and are wrong for an average pool with padding. So every operator
 * comes in two ways: `native`, where one exists, to compare outputs; else composed of operators with right gradients.
 */
export interface Mode {
  readonly tf: TensorFlow;
  readonly native: boolean;
}

type Operator<K extends LayerKind> = (
  mode: Mode,
  inputs: readonly Tensor[],
  options: LayerOptions[K],
  parameters: readonly Tensor[],
) => Tensor;

/** Every layer kind in TensorFlow.js, for tensors with a batch of 1; before the activation. */
export const operators: { readonly [K in LayerKind]: Operator<K> } = {
  conv2d: (mode, [x], o, [kernel, bias]) => plus(convolution(mode, x!, kernel!, o), bias),
  conv1d(mode, [x], o, [kernel, bias]) {
    const tall = kernel!.reshape([1, ...kernel!.shape]);
    const row = {
      ...o,
      kernelSize: [1, o.kernelSize],
      strides: [1, o.strides],
      dilationRate: [1, o.dilationRate],
      padding: rowPadding(o.padding, (o.kernelSize - 1) * o.dilationRate),
    } as const;
    return asRow(x!, (image) => plus(convolution(mode, image, tall, row), bias));
  },
  conv2dTranspose({ tf }, [x], o, [kernel, bias]) {
    const [images, kernels] = [parts(tf, x!, o.groups, 3), parts(tf, kernel!, o.groups, 3)];
    const spread = kernels.map((one) => dilate(tf, one, o.dilationRate));
    const stamped = images.map((image, g) => transposed(tf, image, spread[g]!, o));
    return plus(joined(tf, stamped, 3), bias);
  },
  depthwiseConv2d: (mode, [x], o, [kernel, bias]) => plus(slide(mode, 'depthwiseConv2d', x!, kernel!, o), bias),
  dense: ({ tf }, [x], _, [kernel, bias]) => plus(tf.matMul(x!, kernel!), bias),
  maxPooling2d: ({ tf }, [x], o) => maxPool(tf, x!, o),
  averagePooling2d: (mode, [x], o) => averagePool(mode, x!, o),
  maxPooling1d: ({ tf }, [x], o) => asRow(x!, (row) => maxPool(tf, row, poolOfRow(o))),
  averagePooling1d: (mode, [x], o) => asRow(x!, (row) => averagePool(mode, row, poolOfRow(o))),
  globalAveragePooling1d: ({ tf }, [x]) => tf.mean(x!, [1]),
  globalMaxPooling1d({ tf }, [x]) {
    const [, length, channels] = x!.shape as [number, number, number];
    return tf.maxPool(x!.reshape([1, 1, length, channels]), [1, length], [1, 1], 'valid').reshape([1, channels]);
  },
  globalAveragePooling2d: ({ tf }, [x]) => tf.mean(x!, [1, 2]),
  globalMaxPooling2d({ tf }, [x]) {
    const [, height, width, channels] = x!.shape as [number, number, number, number];
    // As a pool: its gradient goes to the first winner, that of tf.max to all of them.
    return tf.maxPool(x!, [height, width], [1, 1], 'valid').reshape([1, channels]);
  },
  batchNormalization: ({ tf }, [x], o, [gamma, beta, mean, variance]) =>
    tf.batchNorm(x!, mean!, variance!, beta!, gamma!, o.epsilon),
  dropout: (_, [x]) => x!,
  flatten: (_, [x]) => x!.reshape([1, -1]),
  reshape: (_, [x], o) => x!.reshape([1, ...o.shape]),
  activation: (_, [x]) => x!,
  zeroPadding2d: ({ tf }, [x], { padding: [rows, columns] }) => tf.pad(x!, [[0, 0], rows, columns, [0, 0]]),
  upSampling2d({ tf }, [x], { size, ...o }) {
    const { interpolation } = o;
    const [, height, width] = x!.shape as [number, number, number, number];
    const out: Size = [height * size[0], width * size[1]];
    if (interpolation === 'nearest') return tf.image.resizeNearestNeighbor(x!, out);
    if (interpolation === 'bicubic') return bicubic(tf, x!, out, { ...o, coordinates: 'halfPixel' });
    return tf.image.resizeBilinear(x!, out, false, true);
  },
  resizing({ tf }, [x], { height, width, ...o }) {
    const { interpolation, coordinates } = o;
    const rules = [coordinates === 'alignCorners', coordinates === 'halfPixel'] as const;
    if (interpolation === 'nearest') return tf.image.resizeNearestNeighbor(x!, [height, width], ...rules);
    if (interpolation === 'bicubic') return bicubic(tf, x!, [height, width], o);
    return tf.image.resizeBilinear(x!, [height, width], ...rules);
  },
  padding2d({ tf }, [x], { padding: [rows, columns], mode, value }) {
    const around = [[0, 0], rows, columns, [0, 0]] as const;
    if (mode === 'constant') return tf.pad(x!, around, value);
    return mode === 'edge' ? edges(tf, x!, [rows, columns]) : tf.mirrorPad(x!, around, mode);
  },
  cropping2d({ tf }, [x], { cropping: [rows, columns] }) {
    const [, height, width, channels] = x!.shape as [number, number, number, number];
    const size = [1, height - rows[0] - rows[1], width - columns[0] - columns[1], channels];
    return tf.slice(x!, [0, rows[0], columns[0], 0], size);
  },
  slice({ tf }, [x], { begin, size, strides }) {
    const places = size.map((length, axis) =>
      Array.from({ length }, (_, n) => begin[axis]! + n * (strides?.[axis] ?? 1)),
    );
    return places.reduce((part, at, axis) => tf.gather(part, tf.tensor1d(at, 'int32'), axis + 1), x!);
  },
  permute: ({ tf }, [x], { dims }) => tf.transpose(x!, [0, ...dims]),
  depthToSpace({ tf }, [x], { blockSize: b, order }) {
    const [, height, width, depth] = x!.shape as [number, number, number, number];
    const channels = depth / b ** 2;
    const split = order === 'dcr' ? [b, b, channels] : [channels, b, b];
    const axes = order === 'dcr' ? [0, 2, 1, 3, 4] : [0, 3, 1, 4, 2];
    return tf.transpose(x!.reshape([height, width, ...split]), axes).reshape([1, height * b, width * b, channels]);
  },
  spaceToDepth({ tf }, [x], { blockSize: b, order }) {
    const [, height, width, channels] = x!.shape as [number, number, number, number];
    const axes = order === 'dcr' ? [0, 2, 1, 3, 4] : [0, 2, 4, 1, 3];
    const split = tf.transpose(x!.reshape([height / b, b, width / b, b, channels]), axes);
    return split.reshape([1, height / b, width / b, channels * b ** 2]);
  },
  layerNormalization: ({ tf }, [x], o, own) => standardised(tf, x!, x!, [x!.shape.length - 1], o.epsilon, own),
  instanceNormalization({ tf }, [x], o, own) {
    const axes = x!.shape.slice(1, -1).map((_, axis) => axis + 1);
    return standardised(tf, x!, x!, axes, o.epsilon, own);
  },
  groupNormalization({ tf }, [x], o, own) {
    const split = x!.reshape([1, -1, o.groups, x!.shape.at(-1)! / o.groups]);
    return standardised(tf, x!, split, [1, 3], o.epsilon, own);
  },
  localResponseNormalization({ tf }, [x], o) {
    const flat = x!.reshape([1, 1, -1, x!.shape.at(-1)!]);
    return tf.localResponseNormalization(flat, o.depthRadius, o.bias, o.alpha, o.beta).reshape(x!.shape);
  },
  lpPooling2d: ({ tf }, [x], o) => lpPool(tf, x!, o, o.order),
  lpPooling1d: ({ tf }, [x], o) => asRow(x!, (row) => lpPool(tf, row, poolOfRow(o), o.order)),
  reduceMean({ tf }, [x], { axes, keepDims }) {
    const rank = x!.shape.length;
    const over = axes?.map((axis) => (axis < 0 ? rank + axis : axis)) ?? x!.shape.slice(1).map((_, n) => n + 1);
    const y = tf.mean(x!, over, keepDims);
    return y.shape.length === 1 ? y.reshape([1, 1]) : y;
  },
  unitNormalization({ tf }, [x], { axis, order }) {
    const along = axis < 0 ? x!.shape.length + axis : axis;
    const terms = order === 1 ? tf.abs(x!) : x!.square();
    // A mean, as the interface has no sum along an axis.
    const total = tf.mean(terms, [along], true).mul(x!.shape[along]!);
    return x!.div(order === 1 ? total : tf.sqrt(total));
  },
  prelu: ({ tf }, [x], _, [alpha]) => tf.prelu(x!, alpha!),
  biasAdd: (_, [x], __, [bias]) => x!.add(bias!),
  rescaling: (_, [x], { scale, offset }) => x!.mul(scale).add(offset),
  subtract: (_, [a, b]) => a!.sub(b!),
  divide: (_, [a, b]) => a!.div(b!),
  squaredDifference: (_, [a, b]) => a!.sub(b!).square(),
  maximum: ({ tf }, inputs) => inputs.reduce((a, b) => tf.maximum(a, b)),
  minimum: ({ tf }, inputs) => inputs.reduce((a, b) => tf.minimum(a, b)),
  average: (_, inputs) => inputs.reduce((a, b) => a.add(b)).div(inputs.length),
  dot: (_, [a, b]) => a!.mul(b!).sum().reshape([1, 1]),
  add: (_, inputs) => inputs.reduce((a, b) => a.add(b)),
  multiply: (_, inputs) => inputs.reduce((a, b) => a.mul(b)),
  concatenate: ({ tf }, inputs, { axis }) => joined(tf, inputs, axis < 0 ? inputs[0]!.shape.length + axis : axis),
};

type Convolution2d = Omit<LayerOptions['conv2d'], 'padding'> & { readonly padding: Padding };

function convolution(mode: Mode, x: Tensor, kernel: Tensor, o: Convolution2d): Tensor {
  const { tf } = mode;
  const turned = o.flipKernel ? tf.reverse(kernel, [0, 1]) : kernel;
  const [images, kernels] = [parts(tf, x, o.groups, 3), parts(tf, turned, o.groups, 3)];
  const sums = images.map((image, g) => slide(mode, 'conv2d', image, kernels[g]!, o));
  return joined(tf, sums, 3);
}

/** Every place of x stamps the kernel, of which the part that the padding keeps is left. */
function transposed(tf: TensorFlow, x: Tensor, kernel: Tensor, o: LayerOptions['conv2dTranspose']): Tensor {
  const [, height, width] = x.shape as [number, number, number, number];
  const [rows, columns, filters] = kernel.shape as [number, number, number, number];
  const axes = [
    { size: height, kernel: rows },
    { size: width, kernel: columns },
  ].map((axis, n) => {
    const stride = o.strides[n]!;
    const full = (axis.size - 1) * stride + axis.kernel;
    const more = o.outputPadding?.[n];
    const { padding } = o;
    if (typeof padding !== 'string') {
      return { full, before: padding[n]![0], size: full - padding[n]![0] - padding[n]![1] + (more ?? 0) };
    }
    if (more === undefined) {
      const before = padding === 'same' ? Math.max(0, Math.floor((axis.kernel - stride) / 2)) : 0;
      return { full, before, size: axis.size * stride + (padding === 'same' ? 0 : Math.max(axis.kernel - stride, 0)) };
    }
    if (padding === 'valid') return { full, before: 0, size: full + more };
    const left = Math.min(Math.ceil((axis.kernel + (axis.kernel % 2) - 2 + more) / 2), axis.kernel - 1);
    return { full, before: axis.kernel - 1 - left, size: full + more - 2 * Math.floor(axis.kernel / 2) };
  });
  const whole = tf.conv2dTranspose(x, kernel, [1, axes[0]!.full, axes[1]!.full, filters], o.strides, 'valid');
  const behind = axes.map(({ full, before, size }) => Math.max(0, before + size - full));
  const padded = tf.pad(whole, [
    [0, 0],
    [0, behind[0]!],
    [0, behind[1]!],
    [0, 0],
  ]);
  const [a, b] = axes as [(typeof axes)[0], (typeof axes)[0]];
  return tf.slice(padded, [0, a.before, b.before, 0], [1, a.size, b.size, filters]);
}

type Pool2d = Omit<LayerOptions['averagePooling2d'], 'countIncludePad' | 'padding'> & {
  readonly padding: Padding;
  readonly countIncludePad?: boolean;
};
type Pool1d = LayerOptions['maxPooling1d'] | LayerOptions['averagePooling1d'] | LayerOptions['lpPooling1d'];

/** A sequence as an image of one row. */
function asRow(x: Tensor, work: (row: Tensor) => Tensor): Tensor {
  const y = work(x.reshape([1, ...x.shape]));
  return y.reshape(y.shape.slice(1));
}

function rowPadding(padding: LayerOptions['conv1d']['padding'], reach: number): Padding {
  if (padding === 'causal')
    return [
      [0, 0],
      [reach, 0],
    ];
  return typeof padding === 'string' ? padding : [[0, 0], padding];
}

function poolOfRow(o: Pool1d): Pool2d {
  return {
    ...o,
    poolSize: [1, o.poolSize],
    strides: [1, o.strides ?? o.poolSize],
    dilationRate: [1, o.dilationRate],
    padding: rowPadding(o.padding, (o.poolSize - 1) * o.dilationRate),
  };
}

/**
 * The image with its padding filled with `value`, and behind it what ceilMode reaches; then the windows' taps beside
 * each other, each a strided part of it: TensorFlow.js has no dilated pools.
 */
function taps(tf: TensorFlow, x: Tensor, o: Pool2d, value: number, beyond = value): Tensor[] {
  const strides = o.strides ?? o.poolSize;
  const padded = paddedFor(tf, x, o.poolSize, strides, o.padding, o.dilationRate, value);
  const reach = o.poolSize.map((size, axis) => (size - 1) * o.dilationRate[axis]! + 1);
  const before = typeof o.padding === 'string' ? [0, 0] : o.padding.map(([first]) => first);
  const out = [0, 1].map((axis) => {
    const steps = (padded.shape[axis + 1]! - reach[axis]!) / strides[axis]!;
    if (!o.ceilMode || o.padding === 'same') return Math.floor(steps) + 1;
    const last = Math.ceil(steps);
    return last * strides[axis]! >= x.shape[axis + 1]! + before[axis]! ? last : last + 1;
  });
  const needed = out.map((n, axis) => Math.max(0, (n - 1) * strides[axis]! + reach[axis]! - padded.shape[axis + 1]!));
  const whole = tf.pad(
    padded,
    [
      [0, 0],
      [0, needed[0]!],
      [0, needed[1]!],
      [0, 0],
    ],
    beyond,
  );
  const found: Tensor[] = [];
  for (let p = 0; p < o.poolSize[0]; p++) {
    for (let q = 0; q < o.poolSize[1]; q++) {
      const [rows, columns] = [p * o.dilationRate[0], q * o.dilationRate[1]].map((first, axis) =>
        Array.from({ length: out[axis]! }, (_, n) => first + n * strides[axis]!),
      );
      const part = tf.gather(whole, tf.tensor1d(rows!, 'int32'), 1);
      found.push(tf.gather(part, tf.tensor1d(columns!, 'int32'), 2));
    }
  }
  return found;
}

function maxPool(tf: TensorFlow, x: Tensor, o: Pool2d): Tensor {
  const strides = o.strides ?? o.poolSize;
  const isPlain = !o.ceilMode && o.dilationRate.every((rate) => rate === 1);
  if (isPlain && typeof o.padding === 'string') return tf.maxPool(x, o.poolSize, strides, o.padding);
  // Low enough never to win, and a number, unlike −∞, whose products would be NaN.
  return taps(tf, x, o, -1e30).reduce((a, b) => tf.maximum(a, b));
}

function averagePool({ tf, native }: Mode, x: Tensor, o: Pool2d): Tensor {
  const strides = o.strides ?? o.poolSize;
  const isPlain = !o.ceilMode && !o.countIncludePad && o.dilationRate.every((rate) => rate === 1);
  if (native && isPlain && typeof o.padding === 'string') return tf.avgPool(x, o.poolSize, strides, o.padding);
  const total = (image: Tensor, value: number): Tensor => taps(tf, image, o, value, 0).reduce((a, b) => a.add(b));
  // The sum over all places divided by how many of them are real, or inside the padding.
  return total(x, 0).div(total(tf.onesLike(x), o.countIncludePad ? 1 : 0));
}

type Cubic = Omit<LayerOptions['resizing'], 'height' | 'width'>;

/** Along each axis the four places around, each a part of the image times its weights: TensorFlow.js has no bicubic. */
function bicubic(tf: TensorFlow, x: Tensor, out: Size, o: Cubic): Tensor {
  const { cubicCoefficient: a = -0.5, excludeOutside = true, coordinates } = o;
  const keys = (d: number): number =>
    d <= 1 ? ((a + 2) * d - (a + 3)) * d * d + 1 : ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  return out.reduce((image, to, n) => {
    const size = image.shape[n + 1]!;
    const at = Array.from({ length: to }, (_, k) => {
      if (coordinates === 'halfPixel') return ((k + 0.5) * size) / to - 0.5;
      return coordinates === 'asymmetric' ? (k * size) / to : (k * (size - 1)) / Math.max(1, to - 1);
    });
    const columns = [-1, 0, 1, 2].map((step) =>
      at.map((place) => {
        const from = Math.floor(place) + step;
        const isOutside = excludeOutside && (from < 0 || from >= size);
        return { from: Math.min(Math.max(from, 0), size - 1), weight: isOutside ? 0 : keys(Math.abs(place - from)) };
      }),
    );
    const totals = at.map((_, k) => columns.reduce((sum, column) => sum + column[k]!.weight, 0));
    const shape = n === 0 ? [1, to, 1, 1] : [1, 1, to, 1];
    const parts = columns.map((column) => {
      const weights = tf
        .tensor1d(
          column.map(({ weight }, k) => weight / totals[k]!),
          'float32',
        )
        .reshape(shape);
      const places = tf.tensor1d(
        column.map(({ from }) => from),
        'int32',
      );
      return tf.gather(image, places, n + 1).mul(weights);
    });
    return parts.reduce((a, b) => a.add(b));
  }, x);
}

function lpPool(tf: TensorFlow, x: Tensor, o: Pool2d, order: number): Tensor {
  const power = (part: Tensor): Tensor => Array.from({ length: order }, () => tf.abs(part)).reduce((a, b) => a.mul(b));
  const total = taps(tf, x, o, 0)
    .map(power)
    .reduce((a, b) => a.add(b));
  return order === 1 ? total : tf.exp(tf.log(total).div(order));
}

/** The outermost rows and columns, as often as the border is wide. */
function edges(tf: TensorFlow, x: Tensor, padding: readonly Size[]): Tensor {
  return padding.reduce((image, [before, after], axis) => {
    const length = image.shape[axis + 1]!;
    const places = Array.from({ length: before + length + after }, (_, n) =>
      Math.min(Math.max(n - before, 0), length - 1),
    );
    return tf.gather(image, tf.tensor1d(places, 'int32'), axis + 1);
  }, x);
}

function standardised(
  tf: TensorFlow,
  x: Tensor,
  split: Tensor,
  axes: readonly number[],
  epsilon: number,
  [gamma, beta]: readonly Tensor[],
): Tensor {
  const centred = split.sub(tf.mean(split, axes, true));
  const deviation = tf.sqrt(tf.mean(centred.square(), axes, true).add(epsilon));
  return centred.div(deviation).reshape(x.shape).mul(gamma!).add(beta!);
}

function plus(sum: Tensor, bias: Tensor | undefined): Tensor {
  return bias ? sum.add(bias) : sum;
}

/** Equal parts along an axis. Not tf.split, whose gradient fails where there is but one part. */
function parts(tf: TensorFlow, x: Tensor, count: number, axis: number): Tensor[] {
  if (count === 1) return [x];
  const length = x.shape[axis]! / count;
  const size = x.shape.with(axis, length);
  return Array.from({ length: count }, (_, n) =>
    tf.slice(
      x,
      x.shape.map((_, k) => (k === axis ? n * length : 0)),
      size,
    ),
  );
}

function joined(tf: TensorFlow, all: readonly Tensor[], axis: number): Tensor {
  return all.length === 1 ? all[0]! : tf.concat(all, axis);
}

interface Window {
  readonly strides: Size;
  readonly padding: Padding;
  readonly dilationRate: Size;
  readonly kernelSize: Size;
}

/** A convolution of either kind. */
function slide(
  { tf, native }: Mode,
  convolution: 'conv2d' | 'depthwiseConv2d',
  x: Tensor,
  kernel: Tensor,
  { kernelSize, strides, padding, dilationRate }: Window,
): Tensor {
  const isDilated = dilationRate.some((rate) => rate > 1);
  const isStrided = strides.some((stride) => stride > 1);
  // TensorFlow.js dilates only where it does not stride.
  const isOffered = typeof padding === 'string' && (!isDilated || (native && !isStrided));
  if (isOffered) return tf[convolution](x, kernel, strides, padding, 'NHWC', dilationRate);
  const padded = paddedFor(tf, x, kernelSize, strides, padding, dilationRate, 0);
  return tf[convolution](padded, dilate(tf, kernel, dilationRate), strides, 'valid');
}

/** A kernel with rate − 1 zeros between its taps. */
function dilate(tf: TensorFlow, kernel: Tensor, [rows, columns]: Size): Tensor {
  if (rows === 1 && columns === 1) return kernel;
  const [height, width, inputs, outputs] = kernel.shape as [number, number, number, number];
  const zeros = (count: number, shape: (n: number) => number[]): Tensor[] =>
    count > 0 ? [tf.zeros(shape(count))] : [];
  const byRow = parts(tf, kernel, height, 0).flatMap((row, p) => [
    row,
    ...(p < height - 1 ? zeros(rows - 1, (n) => [n, width, inputs, outputs]) : []),
  ]);
  const tall = joined(tf, byRow, 0);
  const byColumn = parts(tf, tall, width, 1).flatMap((column, q) => [
    column,
    ...(q < width - 1 ? zeros(columns - 1, (n) => [tall.shape[0]!, n, inputs, outputs]) : []),
  ]);
  return joined(tf, byColumn, 1);
}

/** The image with the zeros (or other numbers) around it that a padding rule means. */
function paddedFor(
  tf: TensorFlow,
  x: Tensor,
  size: Size,
  strides: Size,
  padding: Padding,
  dilation: Size,
  value: number,
): Tensor {
  if (padding === 'valid') return x;
  const around = (axis: 0 | 1): Size => {
    if (padding !== 'same') return padding[axis];
    // TensorFlow's rule: out = ⌈in/stride⌉, the odd zero goes to the end.
    const length = x.shape[1 + axis]!;
    const reach = (size[axis] - 1) * dilation[axis] + 1;
    const total = Math.max((Math.ceil(length / strides[axis]) - 1) * strides[axis] + reach - length, 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  };
  return tf.pad(x, [[0, 0], around(0), around(1), [0, 0]], value);
}

/** An activation of every number, or of every row along the last axis. */
export function activate({ tf }: Mode, name: ActivationName, o: ActivationNumbers, z: Tensor): Tensor {
  const own = composed[name];
  return own === undefined ? (tf as unknown as Record<string, (x: Tensor) => Tensor>)[name]!(z) : own(tf, z, o);
}

/** The activations that TensorFlow.js has not under the same name. */
const composed: { readonly [K in ActivationName]?: (tf: TensorFlow, z: Tensor, o: ActivationNumbers) => Tensor } = {
  linear: (_, z) => z,
  relu: (tf, z, { maxValue }) => (maxValue === undefined ? tf.relu(z) : tf.clipByValue(z, 0, maxValue)),
  leakyRelu: (tf, z, { alpha = 0.2 }) => tf.leakyRelu(z, alpha),
  elu: (tf, z, { alpha = 1 }) => tf.relu(z).sub(tf.relu(tf.neg(tf.elu(z))).mul(alpha)),
  softsign: (tf, z) => z.div(tf.abs(z).add(1)),
  silu: (tf, z) => z.mul(tf.sigmoid(z)),
  gelu: (tf, z) => z.mul(tf.erf(z.mul(Math.SQRT1_2)).add(1)).mul(0.5),
  hardSigmoid: (tf, z, { alpha = 1 / 6, beta = 0.5 }) => tf.clipByValue(z.mul(alpha).add(beta), 0, 1),
  hardSwish: (tf, z) => z.mul(tf.clipByValue(z.div(6).add(0.5), 0, 1)),
  celu: (tf, z, { alpha = 1 }) => tf.relu(z).sub(tf.relu(tf.neg(tf.elu(z.div(alpha)))).mul(alpha)),
  mish: (tf, z) => z.mul(tf.tanh(tf.softplus(z))),
  geluTanh: (tf, z) => z.mul(tf.sigmoid(z.add(z.square().mul(z).mul(0.044715)).mul(2 * Math.sqrt(2 / Math.PI)))),
  logSigmoid: (tf, z) => tf.neg(tf.softplus(tf.neg(z))),
  thresholdedRelu: (tf, z, { theta = 1 }) => z.mul(tf.step(z.sub(theta))),
  hardShrink: (tf, z, { theta = 0.5 }) => z.mul(tf.step(tf.abs(z).sub(theta))),
  softShrink: (tf, z, { theta = 0.5 }) => tf.relu(z.sub(theta)).sub(tf.relu(tf.neg(z).sub(theta))),
  clip: (tf, z, { minValue = Number.NEGATIVE_INFINITY, maxValue = Number.POSITIVE_INFINITY }) =>
    tf.clipByValue(z, minValue, maxValue),
  step: (tf, z, { alpha = 0 }) => tf.step(z, alpha),
};

/** The losses that random networks end in; `z` is what the last activation was applied to. */
export const losses: { readonly [K in LossName]?: (tf: TensorFlow, y: Tensor, z: Tensor, t: Tensor) => Tensor } = {
  squaredError: (_, y, __, t) => flat(y).sub(t).square().sum().mul(0.5),
  meanSquaredError: (_, y, __, t) => flat(y).sub(t).square().sum().div(t.shape[0]!),
  categoricalCrossentropy: (tf, _, z, t) => flat(tf.logSoftmax(z)).mul(t).sum().mul(-1),
  // −log σ(z) = softplus(−z) for a target of 1, −log σ(−z) = softplus(z) for one of 0
  binaryCrossentropy(tf, _, z, t) {
    const [one, zero] = [flat(tf.softplus(tf.neg(z))), flat(tf.softplus(z))];
    return one
      .mul(t)
      .add(zero.mul(tf.onesLike(t).sub(t)))
      .sum()
      .div(t.shape[0]!);
  },
};

function flat(x: Tensor): Tensor {
  return x.reshape([-1]);
}
