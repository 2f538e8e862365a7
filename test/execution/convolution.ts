/** A matrix as rows. */
export type Matrix = readonly (readonly number[])[];

export const matrix = (rows: number, columns: number, at: (i: number, j: number) => number): Matrix =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => at(i, j)));

/** Turned by 180°. */
export const rotate = (a: Matrix): Matrix => [...a].reverse().map((row) => [...row].reverse());

/** With `n` zeros on every side. */
export const pad = (a: Matrix, n: number): Matrix =>
  matrix(a.length + 2 * n, a[0]!.length + 2 * n, (i, j) => a[i - n]?.[j - n] ?? 0);

/** The mathematical convolution, where the kernel lies wholly on the image: the rotated kernel slides over it. */
export function convolve(image: Matrix, kernel: Matrix): Matrix {
  const turned = rotate(kernel);
  return matrix(image.length - kernel.length + 1, image[0]!.length - kernel[0]!.length + 1, (i, j) => {
    let sum = 0;
    for (const [p, row] of turned.entries()) {
      for (const [q, w] of row.entries()) sum += w * image[i + p]![j + q]!;
    }
    return sum;
  });
}

/** Element by element. */
export const zip = (a: Matrix, b: Matrix, f: (u: number, v: number) => number): Matrix =>
  matrix(a.length, a[0]!.length, (i, j) => f(a[i]![j]!, b[i]![j]!));

/** Rows of `columns` numbers. */
export const rowsOf = (flat: ArrayLike<number>, columns: number): Matrix =>
  matrix(flat.length / columns, columns, (i, j) => flat[i * columns + j]!);
