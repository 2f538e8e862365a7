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
  conv2d(mode, [x], o, [kernel, bias]) {
    const { tf } = mode;
    const turned = o.flipKernel ? tf.reverse(kernel!, [0, 1]) : kernel!;
    const [images, kernels] = [parts(tf, x!, o.groups, 3), parts(tf, turned, o.groups, 3)];
    const sums = images.map((image, g) => slide(mode, 'conv2d', image, kernels[g]!, o));
    return plus(joined(tf, sums, 3), bias);
  },
  conv2dTranspose({ tf }, [x], o, [kernel, bias]) {
    const [, height, width] = x!.shape as [number, number, number, number];
    const full = [height, width].map(
      (size, axis) => size * o.strides[axis]! + Math.max(o.kernelSize[axis]! - o.strides[axis]!, 0),
    );
    if (o.padding === 'same') {
      const shape = [1, height * o.strides[0], width * o.strides[1], o.filters];
      return plus(tf.conv2dTranspose(x!, kernel!, shape, o.strides, 'same'), bias);
    }
    const whole = tf.conv2dTranspose(x!, kernel!, [1, ...full, o.filters], o.strides, 'valid');
    if (o.padding === 'valid') return plus(whole, bias);
    const [[top, bottom], [left, right]] = o.padding;
    // Without gaps at the end, which 'valid' fills up to the stride.
    const reach = [height, width].map((size, axis) => (size - 1) * o.strides[axis]! + o.kernelSize[axis]!);
    const kept = [reach[0]! - top - bottom, reach[1]! - left - right];
    return plus(tf.slice(whole, [0, top, left, 0], [1, ...kept, o.filters]), bias);
  },
  depthwiseConv2d: (mode, [x], o, [kernel, bias]) => plus(slide(mode, 'depthwiseConv2d', x!, kernel!, o), bias),
  dense: ({ tf }, [x], _, [kernel, bias]) => plus(tf.matMul(x!, kernel!), bias),
  maxPooling2d({ tf }, [x], o) {
    const strides = o.strides ?? o.poolSize;
    if (typeof o.padding === 'string') return tf.maxPool(x!, o.poolSize, strides, o.padding);
    // Low enough never to win, and a number, unlike −∞, whose products would be NaN.
    return tf.maxPool(paddedFor(tf, x!, o.poolSize, strides, o.padding, [1, 1], -1e30), o.poolSize, strides, 'valid');
  },
  averagePooling2d({ tf, native }, [x], o) {
    const strides = o.strides ?? o.poolSize;
    if (native && typeof o.padding === 'string') return tf.avgPool(x!, o.poolSize, strides, o.padding);
    const mean = (image: Tensor): Tensor =>
      tf.avgPool(paddedFor(tf, image, o.poolSize, strides, o.padding, [1, 1], 0), o.poolSize, strides, 'valid');
    // The mean over all places divided by the part of them that is real.
    return mean(x!).div(mean(tf.onesLike(x!)));
  },
  globalAveragePooling2d: ({ tf }, [x]) => tf.mean(x!, [1, 2]),
  globalMaxPooling2d({ tf }, [x]) {
    const [, height, width, channels] = x!.shape as [number, number, number, number];
    // As a pool: its gradient goes to the first winner, that of tf.max to all of them.
    return tf.maxPool(x!, [height, width], [1, 1], 'valid').reshape([1, channels]);
  },
  batchNormalization: ({ tf }, [x], o, [gamma, beta, mean, variance]) =>
    tf.batchNorm(x!, mean!, variance!, beta!, gamma!, o.epsilon),
  flatten: (_, [x]) => x!.reshape([1, -1]),
  reshape: (_, [x], o) => x!.reshape([1, ...o.shape]),
  activation: (_, [x]) => x!,
  zeroPadding2d: ({ tf }, [x], { padding: [rows, columns] }) => tf.pad(x!, [[0, 0], rows, columns, [0, 0]]),
  upSampling2d({ tf }, [x], { size }) {
    const [, height, width] = x!.shape as [number, number, number, number];
    return tf.image.resizeNearestNeighbor(x!, [height * size[0], width * size[1]]);
  },
  add: (_, inputs) => inputs.reduce((a, b) => a.add(b)),
  multiply: (_, inputs) => inputs.reduce((a, b) => a.mul(b)),
  concatenate: ({ tf }, inputs) => joined(tf, inputs, inputs[0]!.shape.length - 1),
};

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

/** Every loss; `z` is what the last activation was applied to. */
export const losses: { readonly [K in LossName]: (tf: TensorFlow, y: Tensor, z: Tensor, t: Tensor) => Tensor } = {
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
