import { type Affine, type Index, plain, plus, substituteAffine, times } from '../affine.ts';
import { type Equation, equation } from '../equation.ts';
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
export function transformed(one: Equation, conv: Convolution, axes: readonly [Axis, Axis], names: Names): Transformed {
  const write = new TileWriter(one, conv, axes, names);
  const kernel = write.kernel();
  const image = write.image();
  const products = write.products(kernel[1].target, image[1].target);
  return { kernel, image, products, back: write.back(products.target) };
}

/** What the equations of one convolution by tiles share: who they belong to, and the indices of products and tiles. */
class TileWriter {
  readonly #one: Equation;
  readonly #conv: Convolution;
  readonly #rows: Axis;
  readonly #columns: Axis;
  readonly #names: Names;
  /** A product's row and column, and a tile's. */
  readonly #s: Fresh;
  readonly #t: Fresh;
  readonly #i: Fresh;
  readonly #j: Fresh;
  /** Products and tiles are counted row by row, so that a loop over each is one loop. */
  readonly #product: Affine;
  readonly #tile: Affine;
  readonly #count: number;
  readonly #tiles: number;
  readonly #c: Affine;
  readonly #o: Affine;

  constructor(one: Equation, conv: Convolution, [rows, columns]: readonly [Axis, Axis], names: Names) {
    this.#one = one;
    this.#conv = conv;
    this.#rows = rows;
    this.#columns = columns;
    this.#names = names;
    [this.#s, this.#t] = [fresh('s', rows.products), fresh('t', columns.products)];
    [this.#i, this.#j] = [fresh('i', rows.tiles), fresh('j', columns.tiles)];
    this.#product = plus(times(columns.products, this.#s.at), this.#t.at);
    this.#tile = plus(times(columns.tiles, this.#i.at), this.#j.at);
    this.#count = rows.products * columns.products;
    this.#tiles = rows.tiles * columns.tiles;
    [this.#c, this.#o] = [plain(conv.input), plain(conv.output)];
  }

  /** U = G·W·Gᵀ. */
  kernel(): readonly [Equation, Equation] {
    const { rows, columns, kernel, input, output } = this.#conv;
    const [p, q] = [fresh('p', rows.tap.size), fresh('q', columns.tap.size)];
    const half = this.#tensor('G', [this.#rows.products, q.index.size, input.size, output.size]);
    const U = this.#tensor('U', [this.#count, input.size, output.size]);
    const turned = new Map([
      [rows.tap, rows.kernelAt(p.at)],
      [columns.tap, columns.kernelAt(q.at)],
    ]);
    const place = kernel.at.map((coordinate) => substituteAffine(coordinate, turned));
    const [s, t, c, o] = [this.#s.at, this.#t.at, this.#c, this.#o];
    return [
      this.#define(half, [s, q.at, c, o], [p], weighted(this.#rows.G, [s, p.at], kernel.tensor, place)),
      this.#define(U, [this.#product, c, o], [q], weighted(this.#columns.G, [t, q.at], half, [s, q.at, c, o])),
    ];
  }

  /** V = Bᵀ·x·B, tile by tile. */
  image(): readonly [Equation, Equation] {
    const { rows, columns, image, input } = this.#conv;
    const width = this.#columns.outputs * (this.#columns.tiles - 1) + this.#columns.products;
    const [u, v, w] = [fresh('p', this.#rows.products), fresh('q', this.#columns.products), fresh('w', width)];
    const D = this.#tensor('D', [this.#rows.products, this.#rows.tiles, width, input.size]);
    const V = this.#tensor('V', [this.#count, this.#tiles, input.size]);
    const [s, t, i, c] = [this.#s.at, this.#t.at, this.#i.at, this.#c];
    const place = [plus(times(this.#rows.outputs, i), u.at, rows.start), plus(w.at, columns.start), c];
    const across = plus(times(this.#columns.outputs, this.#j.at), v.at);
    return [
      this.#define(D, [s, i, w.at, c], [u], weighted(this.#rows.B, [s, u.at], image.tensor, place)),
      this.#define(V, [this.#product, this.#tile, c], [v], weighted(this.#columns.B, [t, v.at], D, [s, i, across, c])),
    ];
  }

  /** M = Σ_c V·U, product by product. */
  products(U: Tensor, V: Tensor): Equation {
    const { input, output } = this.#conv;
    const M = this.#tensor('M', [this.#count, this.#tiles, output.size]);
    const [m, n] = [fresh('m', this.#count).at, fresh('n', this.#tiles).at];
    const term = multiply(read(V, [m, n, this.#c]), read(U, [m, this.#c, this.#o]));
    return this.#define(M, [m, n, this.#o], [{ index: input }], term);
  }

  /** z = Aᵀ·M·A, with what the sum is added to. */
  back(M: Tensor): readonly Equation[] {
    const { rows, columns, output, others } = this.#conv;
    const [a, b] = [fresh('a', this.#rows.outputs), fresh('b', this.#columns.outputs)];
    const width = this.#columns.outputs * this.#columns.tiles;
    const Y = this.#tensor('Y', [this.#rows.products, this.#rows.tiles, width, output.size]);
    const [s, t, i, o] = [this.#s.at, this.#t.at, this.#i.at, this.#o];
    const row = plus(times(this.#rows.outputs, i), a.at);
    const column = plain(columns.place);
    const across = plus(times(this.#columns.outputs, this.#j.at), b.at);
    const sum = sumOver([this.#s.index], weighted(this.#rows.A, [a.at, s], Y, [s, i, column, o]));
    const placed = new Map([[rows.place, row]]);
    const value = add(...others.map((term) => substitute(term, placed)), sum);
    const product = weighted(this.#columns.A, [b.at, t], M, [this.#product, this.#tile, o]);
    return [
      this.#define(Y, [s, i, across, o], [this.#t], product),
      this.#define(this.#one.target, [row, column, o], [], value),
    ];
  }

  #tensor(letter: string, shape: readonly number[]): Tensor {
    return { name: this.#names.fresh(`${letter}${this.#one.target.name}`), shape, role: 'value' };
  }

  #define(to: Tensor, at: readonly Affine[], over: readonly { readonly index: Index }[], body: Expression): Equation {
    const summed = over.map(({ index }) => index);
    return equation(to, at, sumOver(summed, body), this.#one);
  }
}

type Fresh = ReturnType<typeof fresh>;

function weighted(matrix: Matrix, at: readonly [Affine, Affine], to: Tensor, place: readonly Affine[]): Expression {
  return multiply(entry(matrix, at), read(to, place));
}
