import type { Shape } from '../spec/network.ts';

/** Numbers in a shape, row-major: the last axis is the one that runs fastest. */
export interface Tensor {
  readonly shape: Shape;
  readonly values: Float64Array;
}

/** How many elements a shape has; 1 for the empty shape. */
export function elementCount(shape: Shape): number {
  let count = 1;
  for (const size of shape) count *= size;
  return count;
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

/** The place of `[i, j]`, `[i, j, k]` or `[i, j, k, l]` in the values of a tensor of as many axes. */
export function place(shape: Shape, i: number, j: number, k?: number, l?: number): number {
  let offset = i * shape[1]! + j;
  if (k !== undefined) offset = offset * shape[2]! + k;
  if (l !== undefined) offset = offset * shape[3]! + l;
  return offset;
}

/** Whether an image has such a place; the others are padding. */
export function inside(image: Shape, row: number, column: number): boolean {
  return row >= 0 && row < image[0]! && column >= 0 && column < image[1]!;
}
