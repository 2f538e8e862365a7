/** Height, width and channels of an image, or the length of a vector. */
export type Shape = readonly number[];

/** How many numbers a tensor of this shape holds. */
export function elementsOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A pair `[height, width]`. */
export type Size = readonly [number, number];

/** Zeros around an image: a named rule, or `[[top, bottom], [left, right]]`. */
export type Padding = 'valid' | 'same' | readonly [Size, Size];
