/** A size as a spec may state it. */
export type RawSize = number | readonly [number, number];

/** Zeros on each side: `[[top, bottom], [left, right]]`. */
export type Zeros = readonly [readonly [number, number], readonly [number, number]];

export type RawPadding = 'valid' | 'same' | Zeros;

export const pairOf = (size: RawSize): readonly [number, number] => (typeof size === 'number' ? [size, size] : size);

/** One pair from two, axis by axis. */
const zip = <A, B, C>(a: readonly [A, A], b: readonly [B, B], f: (a: A, b: B) => C): readonly [C, C] => [
  f(a[0], b[0]),
  f(a[1], b[1]),
];

/** How many places a window may reach over along each axis; without bound for 'same'. */
function room(image: readonly number[], padding: RawPadding): readonly [number, number] {
  if (padding === 'same') return [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const zeros = padding === 'valid' ? noZeros : padding;
  return zip([image[0]!, image[1]!], zeros, (size, [before, after]) => before + size + after);
}

const noZeros: Zeros = [
  [0, 0],
  [0, 0],
];

/** The size itself where a window of it fits the padded image, or the largest below it that does. */
export function fitSize(
  size: RawSize,
  image: readonly number[],
  padding: RawPadding = 'valid',
  dilation: RawSize = 1,
): RawSize {
  const largest = zip(room(image, padding), pairOf(dilation), (places, step) => Math.floor((places - 1) / step) + 1);
  const fitted = zip(pairOf(size), largest, Math.min);
  return fitted.join() === pairOf(size).join() ? size : fitted;
}

/** Zeros of which none holds a whole window: fewer than the window is wide. */
export function fitZeros(padding: RawPadding, window: RawSize): RawPadding {
  if (typeof padding === 'string') return padding;
  return zip(padding, pairOf(window), ([before, after], size) => [
    Math.min(before, size - 1),
    Math.min(after, size - 1),
  ]);
}

/** A cut that leaves at least one place of conv2dTranspose's full output, (size − 1)·stride + kernel. */
export function fitCut(padding: RawPadding, image: readonly number[], kernel: RawSize, strides: RawSize): RawPadding {
  if (typeof padding === 'string') return padding;
  const reach = zip([image[0]!, image[1]!], pairOf(strides), (size, stride) => (size - 1) * stride);
  const full = zip(reach, pairOf(kernel), (start, size) => start + size);
  return zip(padding, full, ([before, after], size) => {
    const first = Math.min(before, size - 1);
    return [first, Math.min(after, size - 1 - first)];
  });
}
