import { type Affine, index, plus, times } from '../equations/affine.ts';
import type { Padding, Shape, Size } from '../shape.ts';
import { Misfit } from './layer.ts';

/** How a window slides over an image. */
export interface WindowOptions {
  readonly size: Size;
  readonly strides: Size;
  readonly padding: Padding;
  readonly dilation: Size;
  /** Walk the window backwards: the kernel rotated by 180°. */
  readonly flip?: boolean;
  /** Whether a last window may reach beyond the padded image; it must begin inside. */
  readonly ceilMode?: boolean;
}

/** Output size and zeros before and behind, along one axis. */
interface Extent {
  readonly out: number;
  readonly before: number;
  readonly after: number;
}

/**
 * Output size and leading padding along one axis (0 height, 1 width).
 * 'same' is TensorFlow's rule: out = ⌈in/stride⌉, the odd zero goes to the end
 * (https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2).
 */
export function windowExtent(input: number, axis: 0 | 1, options: WindowOptions): Extent {
  const { size, strides, padding, dilation } = options;
  const reach = (size[axis] - 1) * dilation[axis] + 1;
  const stride = strides[axis];
  if (padding === 'same') {
    const out = Math.ceil(input / stride);
    const total = Math.max((out - 1) * stride + reach - input, 0);
    return { out, before: Math.floor(total / 2), after: Math.ceil(total / 2) };
  }
  const [before, after] = padding === 'valid' ? [0, 0] : padding[axis];
  const steps = (input + before + after - reach) / stride;
  const out = (options.ceilMode ? Math.ceil(steps) : Math.floor(steps)) + 1;
  const beginsOutside = options.ceilMode === true && (out - 1) * stride >= input + before;
  return { out: beginsOutside ? out - 1 : out, before, after };
}

/** Output height and width, or the misfit of a window larger than the padded image. */
export function windowShape(input: Shape, options: WindowOptions, option: string): Size | Misfit {
  if (input.length !== 3) return notAnImage(input);
  const sizes = ([0, 1] as const).map((axis) => windowExtent(input[axis] as number, axis, options).out);
  const [height, width] = sizes as [number, number];
  if (height >= 1 && width >= 1) return [height, width];
  const reach = options.size.map((size, axis) => (size - 1) * (options.dilation[axis] as number) + 1);
  return new Misfit(
    option,
    `found a window of ${reach.join('×')} on an image of ${input[0]}×${input[1]}`,
    'expected one that fits into the padded image: make it smaller, or the padding larger',
  );
}

export function notAnImage(input: Shape): Misfit {
  return new Misfit('', `found an input of shape [${input.join(', ')}]`, 'expected an image [height, width, channels]');
}

/** The coordinates of a window: output place (i, j), kernel place (p, q), and the row and column that they touch. */
export interface Window {
  readonly i: Affine;
  readonly j: Affine;
  readonly p: Affine;
  readonly q: Affine;
  readonly row: Affine;
  readonly column: Affine;
}

/** @param places the output place, where it has indices already */
export function windowAt(input: Shape, out: Shape, options: WindowOptions, places?: readonly Affine[]): Window {
  const i = places?.[0] ?? index('i', out[0] as number);
  const j = places?.[1] ?? index('j', out[1] as number);
  const p = index('p', options.size[0]);
  const q = index('q', options.size[1]);
  return { i, j, p, q, row: touched(i, p, input, 0, options), column: touched(j, q, input, 1, options) };
}

/** stride·i + dilation·p − before; with the kernel flipped, p counts from its far end. */
function touched(i: Affine, p: Affine, input: Shape, axis: 0 | 1, options: WindowOptions): Affine {
  const { before } = windowExtent(input[axis] as number, axis, options);
  const step = options.dilation[axis];
  const tap = options.flip ? plus(times(-step, p), step * (options.size[axis] - 1)) : times(step, p);
  return plus(times(options.strides[axis], i), tap, -before);
}

/** The misfit of a pool with a window that lies wholly in padding, where a maximum or mean has no terms. */
export function emptyWindow(input: Shape, out: Size, options: WindowOptions): Misfit | undefined {
  for (const axis of [0, 1] as const) {
    const length = input[axis] as number;
    const { before } = windowExtent(length, axis, options);
    const isEmpty = (place: number): boolean => {
      const start = place * options.strides[axis] - before;
      const first = Math.max(0, Math.ceil(-start / options.dilation[axis]));
      return first >= options.size[axis] || start + first * options.dilation[axis] >= length;
    };
    if (Array.from({ length: out[axis] }, (_, place) => place).some(isEmpty)) {
      return new Misfit(
        'padding',
        `found a window of ${options.size.join('×')} that lies wholly in the padding`,
        'expected less padding than the window is wide',
      );
    }
  }
  return undefined;
}
