import { type Affine, type Index, indicesOf, plain, plus, substituteAffine, times } from '../affine.ts';
import type { Equation } from '../equation.ts';
import { add, type Expression, entry, multiply, read, sumOver } from '../expression.ts';
import type { Names } from '../names.ts';
import type { Matrix } from '../place.ts';
import { substitute } from '../substitute.ts';
import type { Tensor } from '../tensor.ts';
import { type Convolution, fresh, type Slide } from './convolution.ts';
import type { Transforms } from './transforms.ts';

/** A convolution in seven equations. */
export interface Transformed {
  /** The kernel's, which depend on parameters alone. */
  readonly kernel: readonly Equation[];
  /** The image's, the products, and the way back, which ends in what the convolution defines. */
  readonly image: readonly Equation[];
  readonly products: Equation;
  readonly back: readonly Equation[];
}

/** The transforms of both axes, with how many tiles lie along each. */
export interface Axis extends Transforms {
  readonly tiles: number;
}

/** How many tiles of m neighbours an axis takes. */
export function axisOf(transforms: Transforms, { place }: Slide): Axis {
  return { ...transforms, tiles: Math.ceil(place.size / transforms.outputs) };
}

/**
 * The convolution by tiles, F(m×m, r×r), one axis after the other:
 *
 *   U[st,c,o] = Σ_q G[t,q]·(Σ_p G[s,p]·W[p,q,c,o])
 *   V[st,ij,c] = Σ_q B[t,q]·(Σ_p B[s,p]·x[mi+p,mj+q,c])
 *   M[st,ij,o] = Σ_c V[st,ij,c]·U[st,c,o]
 *   z[mi+a,mj+b,o] = Σ_s A[a,s]·(Σ_t A[b,t]·M[st,ij,o])
 *
 * A tile that ends outside reads what does not exist, and defines what does not.
 */
export function transformed(
  one: Equation,
  conv: Convolution,
  [rows, columns]: readonly [Axis, Axis],
  names: Names,
): Transformed {
  const { target } = one;
  const home = { layer: one.layer, pass: one.pass };
  const { input, output } = conv;
  const tensor = (letter: string, shape: readonly number[]): Tensor => ({
    name: names.fresh(`${letter}${target.name}`),
    shape,
    role: 'value',
  });
  const defines = (to: Tensor, at: readonly Affine[], over: readonly Index[], body: Expression): Equation => ({
    target: to,
    at,
    over: indicesOf(at),
    value: sumOver(over, body),
    ...home,
  });
  const [s, t] = [fresh('s', rows.products), fresh('t', columns.products)];
  const [i, j] = [fresh('i', rows.tiles), fresh('j', columns.tiles)];
  const [count, tiles] = [rows.products * columns.products, rows.tiles * columns.tiles];
  // Products and tiles are counted row by row, so that a loop over each is one loop.
  const product = plus(times(columns.products, s.at), t.at);
  const tile = plus(times(columns.tiles, i.at), j.at);
  const [c, o] = [plain(input), plain(output)];
  const weighted = (matrix: Matrix, at: readonly [Affine, Affine], to: Tensor, place: readonly Affine[]): Expression =>
    multiply(entry(matrix, at), read(to, place));

  const [p, q] = [fresh('p', conv.rows.tap.size), fresh('q', conv.columns.tap.size)];
  const half = tensor('G', [rows.products, q.index.size, input.size, output.size]);
  const U = tensor('U', [count, input.size, output.size]);
  const turned = new Map([
    [conv.rows.tap, conv.rows.kernelAt(p.at)],
    [conv.columns.tap, conv.columns.kernelAt(q.at)],
  ]);
  const kernelAt = conv.kernel.at.map((coordinate) => substituteAffine(coordinate, turned));
  const kernel = [
    defines(half, [s.at, q.at, c, o], [p.index], weighted(rows.G, [s.at, p.at], conv.kernel.tensor, kernelAt)),
    defines(U, [product, c, o], [q.index], weighted(columns.G, [t.at, q.at], half, [s.at, q.at, c, o])),
  ];

  const width = columns.outputs * (columns.tiles - 1) + columns.products;
  const [u, v, w] = [fresh('p', rows.products), fresh('q', columns.products), fresh('w', width)];
  const D = tensor('D', [rows.products, rows.tiles, width, input.size]);
  const V = tensor('V', [count, tiles, input.size]);
  const imageAt = [plus(times(rows.outputs, i.at), u.at, conv.rows.start), plus(w.at, conv.columns.start), c];
  const image = [
    defines(D, [s.at, i.at, w.at, c], [u.index], weighted(rows.B, [s.at, u.at], conv.image.tensor, imageAt)),
    defines(
      V,
      [product, tile, c],
      [v.index],
      weighted(columns.B, [t.at, v.at], D, [s.at, i.at, plus(times(columns.outputs, j.at), v.at), c]),
    ),
  ];

  const M = tensor('M', [count, tiles, output.size]);
  const [m, n] = [fresh('m', count), fresh('n', tiles)];
  const products = defines(M, [m.at, n.at, o], [input], multiply(read(V, [m.at, n.at, c]), read(U, [m.at, c, o])));

  const [a, b] = [fresh('a', rows.outputs), fresh('b', columns.outputs)];
  const Y = tensor('Y', [rows.products, rows.tiles, columns.outputs * columns.tiles, output.size]);
  const column = plain(conv.columns.place);
  const row = plus(times(rows.outputs, i.at), a.at);
  const placed = new Map([[conv.rows.place, row]]);
  const sum = sumOver([s.index], weighted(rows.A, [a.at, s.at], Y, [s.at, i.at, column, o]));
  const back: Equation[] = [
    defines(
      Y,
      [s.at, i.at, plus(times(columns.outputs, j.at), b.at), o],
      [t.index],
      weighted(columns.A, [b.at, t.at], M, [product, tile, o]),
    ),
    {
      target,
      at: [row, column, o],
      over: [i.index, a.index, conv.columns.place, output],
      value: add(...conv.others.map((term) => substitute(term, placed)), sum),
      ...home,
    },
  ];
  return { kernel, image, products, back };
}
