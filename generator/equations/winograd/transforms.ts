import { present } from '../../lists.ts';
import type { Matrix } from '../place.ts';

/**
 * The matrices of F(m, r), which computes m neighbours of a sum over r places with m + r − 1 products:
 *
 *   y[a] = Σ_p g[p]·d[a+p]   =   Σ_s A[a,s]·(Σ_p G[s,p]·g[p])·(Σ_i B[s,i]·d[i])
 */
export interface Transforms {
  /** How many neighbours one tile has: m. */
  readonly outputs: number;
  /** How many products it takes: m + r − 1. */
  readonly products: number;
  /** Of the kernel, m + r − 1 rows of r. */
  readonly G: Matrix;
  /** Of the image, m + r − 1 rows of as many. */
  readonly B: Matrix;
  /** Of the products, m rows of m + r − 1. */
  readonly A: Matrix;
}

/**
 * Where the polynomials are evaluated besides infinity, by the number of products. All are fractions by powers of 2, so that A
 * and B are exact in float32 and only the kernel is divided. Lavin's ±1, ±2 lose three times as many digits as ±3/4, ±3/2:
 * 9e-7 instead of 3e-6 of the largest value, 32 channels, float32.
 */
const pointsOf: Readonly<Record<number, readonly number[]>> = {
  4: [0, 1, -1],
  6: [0, 3 / 4, -3 / 4, 3 / 2, -3 / 2],
};

/**
 * F(m, r) by Toom and Cook (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016, section 4; Blahut,
 * "Fast Algorithms for Signal Processing", 2010, section 5.2). With points pᵢ and M(x) = Π (x − pᵢ):
 *
 *   A[a,i] = pᵢᵃ     G[i,p] = pᵢᵖ / Π_{j≠i} (pᵢ − pⱼ)     B[i] = the coefficients of M(x)/(x − pᵢ)
 *
 * and for infinity the highest power alone, and M itself. The sign of a row of B is the one that makes the divisor in G
 * positive.
 *
 * @throws RangeError where there are no points for so many products
 */
export function transformsOf(outputs: number, kernel: number): Transforms {
  const products = outputs + kernel - 1;
  const used = pointsOf[products];
  if (used === undefined) {
    const known = Object.keys(pointsOf).join(' or ');
    throw new RangeError(`F(${outputs},${kernel}) takes ${products} products; expected ${known}`);
  }
  const points = used.map((point) => ({
    point,
    others: used.filter((other) => other !== point),
    spread: used.reduce<number>((all, other) => (other === point ? all : all * (point - other)), 1),
  }));
  const infinity = (size: number): number[] => powers(0, size).reverse();
  const matrix = (letter: string, rows: readonly (readonly number[])[]): Matrix => ({
    name: `${letter}${outputs}${kernel}`,
    rows,
  });
  const columns = [...used.map((point) => powers(point, outputs)), infinity(outputs)];
  return {
    outputs,
    products,
    G: matrix('G', [
      ...points.map(({ point, spread }) => powers(point, kernel).map((power) => power / Math.abs(spread) + 0)),
      infinity(kernel),
    ]),
    B: matrix('B', [
      ...points.map(({ others, spread }) => [...polynomial(others).map((one) => one * Math.sign(spread) + 0), 0]),
      polynomial(used),
    ]),
    A: matrix(
      'A',
      powers(1, outputs).map((_, a) => columns.map((column) => present(column[a]))),
    ),
  };
}

/** 1, p, p², … */
function powers(point: number, count: number): number[] {
  return Array.from({ length: count }, (_, n) => point ** n);
}

/** The coefficients of Π (x − root), the constant one first. */
function polynomial(roots: readonly number[]): number[] {
  let known = [1];
  for (const root of roots) {
    const raised = [0, ...known];
    known = raised.map((above, n) => above - root * (known[n] ?? 0));
  }
  return known;
}
