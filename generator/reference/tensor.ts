import type { Shape } from '../spec/network.ts';

/** Numbers in a shape, row-major: the last axis is the one that runs fastest. */
export interface Tensor {
  readonly shape: Shape;
  readonly values: Float64Array;
}

/** How many elements a shape has; 1 for the empty shape. */
export function elementCount(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A tensor of zeros. */
export function zeros(shape: Shape): Tensor {
  return { shape, values: new Float64Array(elementCount(shape)) };
}

/** A tensor that holds a copy of `values`; throws a RangeError when their number does not fit the shape. */
export function tensor(what: string, shape: Shape, values: ArrayLike<number>): Tensor {
  const expected = elementCount(shape);
  if (values.length !== expected) throw new RangeError(`${what}: expected ${expected} numbers, found ${values.length}`);
  return { shape, values: Float64Array.from(values) };
}

/** The place of `[i, j, …]` in the values of a tensor. */
export function place(shape: Shape, ...indices: readonly number[]): number {
  let offset = 0;
  for (let axis = 0; axis < indices.length; axis++) offset = offset * shape[axis]! + indices[axis]!;
  return offset;
}
