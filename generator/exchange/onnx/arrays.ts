/** Arithmetic on plain arrays with shapes, for what is computed at import. */

export function stridesOf(dims: readonly number[]): number[] {
  return dims.map((_, axis) => dims.slice(axis + 1).reduce((product, size) => product * size, 1));
}

/** The array with its axes in another order: the result's axis n is the axis axes[n]. */
export function transpose(values: ArrayLike<number>, dims: readonly number[], axes: readonly number[]): Float64Array {
  const strides = stridesOf(dims);
  return gather(
    values,
    axes.map((axis) => dims[axis]!),
    axes.map((axis) => strides[axis]!),
  );
}

/** An array over `dims` whose neighbours along each axis lie `strides` apart in `values`; 0 repeats a number. */
export function gather(
  values: ArrayLike<number>,
  dims: readonly number[],
  strides: readonly number[],
  start = 0,
): Float64Array {
  const result = new Float64Array(dims.reduce((product, size) => product * size, 1));
  const index = dims.map(() => 0);
  let from = start;
  for (let n = 0; n < result.length; n++) {
    result[n] = values[from]!;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      index[axis]!++;
      if (index[axis]! < dims[axis]!) break;
      from -= dims[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
  return result;
}

/** The shape of two arrays joined place by place, as in NumPy; undefined where they do not fit. */
export function broadcastDims(a: readonly number[], b: readonly number[]): readonly number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const dims: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const [x, y] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    if (x !== y && x !== 1 && y !== 1) return undefined;
    dims.push(x === 1 ? y : x);
  }
  return dims;
}

/** An array repeated along the axes where it has one place, so that it has `dims`. */
export function broadcastTo(values: ArrayLike<number>, own: readonly number[], dims: readonly number[]): Float64Array {
  const strides = stridesOf(own);
  const shift = dims.length - own.length;
  return gather(
    values,
    dims,
    dims.map((_, axis) => (axis < shift || own[axis - shift] === 1 ? 0 : strides[axis - shift]!)),
  );
}
