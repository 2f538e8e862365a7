import type { Padding, Shape, Size } from '../spec/network.ts';

/** How a window slides along one axis. */
export interface Slide {
  /** How many places the window takes. */
  readonly outputSize: number;
  /** Padded places in front of the first real one. */
  readonly before: number;
  /** Padded places behind the last real one. */
  readonly after: number;
}

interface Window {
  readonly size: Size;
  readonly strides: Size;
  readonly dilationRate: Size;
  readonly padding: Padding;
  readonly ceilMode?: boolean;
}

/** The slides of a window along the height and the width of an image `[height, width, channels]`. */
export function slides(image: Shape, window: Window): readonly [Slide, Slide] {
  return [slide(image[0]!, window, 0), slide(image[1]!, window, 1)];
}

/**
 * The slide along one axis.
 *
 * 'same' is TensorFlow's rule (tf.nn, "Notes on padding"): out = ⌈in/stride⌉, with just as much padding as the last
 * window needs, and the odd place at the end.
 */
function slide(inputSize: number, window: Window, axis: 0 | 1): Slide {
  const stride = window.strides[axis];
  const span = (window.size[axis] - 1) * window.dilationRate[axis] + 1;
  const { padding } = window;
  if (padding === 'same') {
    const outputSize = Math.ceil(inputSize / stride);
    const padded = Math.max((outputSize - 1) * stride + span - inputSize, 0);
    return { outputSize, before: Math.floor(padded / 2), after: padded - Math.floor(padded / 2) };
  }
  const [before, after] = padding === 'valid' ? [0, 0] : padding[axis];
  const room = before + inputSize + after - span;
  let outputSize = (window.ceilMode ? Math.ceil(room / stride) : Math.floor(room / stride)) + 1;
  // PyTorch's rule: the last window must begin inside, or in the padding before.
  if (window.ceilMode && (outputSize - 1) * stride >= before + inputSize) outputSize--;
  if (outputSize < 1) throw new RangeError(`a window of ${span} does not fit ${before} + ${inputSize} + ${after}`);
  return { outputSize, before, after };
}
