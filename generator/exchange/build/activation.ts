/**
 * What a layer of the spec computes, as another format sees it. The format's axes and the spec's need not be in the same
 * order: `order` ties them together number by number, so that transposing and reshaping in the format costs nothing, and
 * only what a layer cannot take as it lies becomes a layer of its own.
 */
export interface Activation {
  readonly kind: 'activation';
  /** The layer's name, or 'input'. */
  readonly layer: string;
  /** Its shape in the spec. */
  readonly shape: readonly number[];
  /** Its shape in the other format, the batch in front. */
  readonly dims: readonly number[];
  /** order[k] is the place, row-major within a sample of the other format, of the k-th number in the spec. */
  readonly order: Int32Array;
  /** Whether more than one node reads it, so that its layer must stay as it is. */
  readonly isShared: boolean;
}

const kept = new Map<string, Int32Array>();
const maxKept = 256;

/**
 * The order of a tensor that lies with its axes in the order of `axes`: channels-last numbers of a channels-first
 * `[n, c, h, w]` have the axes [2, 3, 1]. Equal arguments give the same array, so that orders are compared quickly.
 */
export function orderOf(dims: readonly number[], axes: readonly number[]): Int32Array {
  const key = `${dims.slice(1).join()}:${axes.join()}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const strides = dims.map((_, axis) => dims.slice(axis + 1).reduce((product, size) => product * size, 1));
  let order = Int32Array.of(0);
  for (const axis of axes) {
    const size = dims[axis]!;
    const next = new Int32Array(order.length * size);
    for (let n = 0; n < order.length; n++) {
      for (let k = 0; k < size; k++) next[n * size + k] = order[n]! + k * strides[axis]!;
    }
    order = next;
  }
  if (kept.size >= maxKept) kept.clear();
  kept.set(key, order);
  return order;
}

/** Row-major, as the other format has it. */
export function plainOrder(dims: readonly number[]): Int32Array {
  return orderOf(
    dims,
    dims.slice(1).map((_, n) => n + 1),
  );
}

export function sameOrder(a: Int32Array, b: Int32Array): boolean {
  return a === b || (a.length === b.length && a.every((one, n) => one === b[n]));
}

/** order[inverse[n]] = n. */
export function inverseOf(order: Int32Array): Int32Array {
  const inverse = new Int32Array(order.length);
  for (let n = 0; n < order.length; n++) inverse[order[n]!] = n;
  return inverse;
}

/** Axes of a rearrangement, outermost first. */
export interface Axes {
  readonly sizes: readonly number[];
  /** How far apart neighbours along the axis lie in the source. */
  readonly strides: readonly number[];
}

/** The axes of a rearrangement that does nothing but permute axes; undefined where it does more. */
export function axesOf(source: Int32Array): Axes | undefined {
  const sizes: number[] = [];
  const strides: number[] = [];
  let left = source;
  while (left.length > 1) {
    const stride = left[1]! - left[0]!;
    let size = 2;
    while (size < left.length && left[size]! - left[size - 1]! === stride) size++;
    if (stride <= 0 || left.length % size !== 0) return undefined;
    sizes.unshift(size);
    strides.unshift(stride);
    const length = left.length / size;
    const before: Int32Array = left;
    left = Int32Array.from({ length }, (_, n) => before[n * size]!);
  }
  const axes = { sizes, strides };
  return source[0] === 0 && reads(axes, source) ? axes : undefined;
}

function reads({ sizes, strides }: Axes, source: Int32Array): boolean {
  for (let n = 0; n < source.length; n++) {
    let [rest, place] = [n, 0];
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      place += (rest % sizes[axis]!) * strides[axis]!;
      rest = Math.floor(rest / sizes[axis]!);
    }
    if (place !== source[n]) return false;
  }
  return true;
}
