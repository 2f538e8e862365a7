import { type Affine, index, plus, times } from '../equations/affine.ts';
import type { Padding, Shape, Size } from '../shape.ts';
import { type ImageShape, imageShape } from './images.ts';
import { Misfit } from './layer.ts';

/** How a window slides over an image. */
export interface WindowOptions {
  readonly size: Size;
  readonly strides: Size;
  readonly padding: Padding;
  readonly dilation: Size;
  /** Walk the window backwards: the kernel rotated by 180°. */
  readonly flip?: boolean | undefined;
  /** Whether a last window may reach beyond the padded image; it must begin inside. */
  readonly ceilMode?: boolean | undefined;
}

/** An axis along which windows slide: of the rows, or of the columns. */
export type WindowAxis = 0 | 1;

/** What is so along the rows, and along the columns. */
export function bothAxes<T>(along: (axis: WindowAxis) => T): [T, T] {
  return [along(0), along(1)];
}

/** How many places a window reaches over along one axis. */
export function reachOf({ size, dilation }: Pick<WindowOptions, 'size' | 'dilation'>, axis: WindowAxis): number {
  return (size[axis] - 1) * dilation[axis] + 1;
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
export function windowExtent(input: number, axis: WindowAxis, options: WindowOptions): Extent {
  const reach = reachOf(options, axis);
  const stride = options.strides[axis];
  if (options.padding === 'same') {
    const out = Math.ceil(input / stride);
    const total = Math.max((out - 1) * stride + reach - input, 0);
    return { out, before: Math.floor(total / 2), after: Math.ceil(total / 2) };
  }
  const [before, after] = options.padding === 'valid' ? [0, 0] : options.padding[axis];
  const steps = (input + before + after - reach) / stride;
  const out = (options.ceilMode ? Math.ceil(steps) : Math.floor(steps)) + 1;
  const beginsOutside = options.ceilMode === true && (out - 1) * stride >= input + before;
  return { out: beginsOutside ? out - 1 : out, before, after };
}

/** Output height and width, or the misfit of a window larger than the padded image. */
export function windowShape(image: ImageShape, options: WindowOptions, option: string): Size | Misfit {
  const [height, width] = bothAxes((axis) => windowExtent(image[axis], axis, options).out);
  if (height >= 1 && width >= 1) return [height, width];
  return new Misfit(
    option,
    `found a window of ${bothAxes((axis) => reachOf(options, axis)).join('×')} on an image of ${image[0]}×${image[1]}`,
    'expected one that fits into the padded image: make it smaller, or the padding larger',
  );
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
  const [image, [height, width]] = [imageShape(input), imageShape(out)];
  const [i = index('i', height), j = index('j', width)] = places ?? [];
  const [p, q] = [index('p', options.size[0]), index('q', options.size[1])];
  return { i, j, p, q, row: touched(i, p, image, 0, options), column: touched(j, q, image, 1, options) };
}

/** stride·i + dilation·p − before; with the kernel flipped, p counts from its far end. */
function touched(i: Affine, p: Affine, image: ImageShape, axis: WindowAxis, options: WindowOptions): Affine {
  const { before } = windowExtent(image[axis], axis, options);
  const step = options.dilation[axis];
  const tap = options.flip ? plus(times(-step, p), step * (options.size[axis] - 1)) : times(step, p);
  return plus(times(options.strides[axis], i), tap, -before);
}

/** The misfit of a pool with a window that lies wholly in padding, where a maximum or mean has no terms. */
export function emptyWindow(image: ImageShape, out: Size, options: WindowOptions): Misfit | undefined {
  const hasEmpty = bothAxes((axis) => {
    const { before } = windowExtent(image[axis], axis, options);
    const isEmpty = (place: number): boolean => {
      const start = place * options.strides[axis] - before;
      const first = Math.max(0, Math.ceil(-start / options.dilation[axis]));
      return first >= options.size[axis] || start + first * options.dilation[axis] >= image[axis];
    };
    return Array.from({ length: out[axis] }, (_, place) => place).some(isEmpty);
  });
  if (!hasEmpty.includes(true)) return undefined;
  return new Misfit(
    'padding',
    `found a window of ${options.size.join('×')} that lies wholly in the padding`,
    'expected less padding than the window is wide',
  );
}
