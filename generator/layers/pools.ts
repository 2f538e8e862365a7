import { type Affine, index, indicesOf, plus } from '../equations/affine.ts';
import {
  call,
  compare,
  count,
  divide,
  type Expression,
  max,
  mean,
  multiply,
  number,
  one,
  read,
  sum,
  where,
  zero,
} from '../equations/expression.ts';
import type { Tensor } from '../equations/tensor.ts';
import type { Padding, Shape, Size } from '../shape.ts';
import type { LayerBuilder } from './builder.ts';
import { imageShape, ofImage } from './images.ts';
import { Misfit } from './layer.ts';
import {
  bothAxes,
  emptyWindow,
  type Window,
  type WindowOptions,
  windowAt,
  windowExtent,
  windowShape,
} from './windows.ts';

export interface PoolOptions {
  readonly poolSize: Size;
  readonly strides?: Size | undefined;
  readonly padding: Padding;
  readonly dilationRate: Size;
  readonly ceilMode: boolean;
  /** Averages only: an average over padding as well has terms wherever it lies. */
  readonly countIncludePad?: boolean;
}

const windowOf = ({ poolSize, strides, padding, dilationRate, ceilMode }: PoolOptions): WindowOptions => ({
  size: poolSize,
  strides: strides ?? poolSize,
  padding,
  dilation: dilationRate,
  ceilMode,
});

/** The output shape of a pool, channel by channel. */
export function poolShape(input: Shape, options: PoolOptions): Shape | Misfit {
  return ofImage(input, (image) => {
    const window = windowOf(options);
    const out = windowShape(image, window, 'poolSize');
    if (out instanceof Misfit) return out;
    const empty = options.countIncludePad ? undefined : emptyWindow(image, out, window);
    return empty ?? [...out, image[2]];
  });
}

/** The coordinates of a pool's window, with its channel. */
function poolAt(x: Tensor, out: Shape, options: PoolOptions): Window & { readonly c: Affine } {
  return { ...windowAt(x.shape, out, windowOf(options)), c: index('c', imageShape(out)[2]) };
}

/** y[i,j,c] = max x[s·i + d·p − before, …, c]; a padded place never wins. */
export function maxPool(layer: LayerBuilder, x: Tensor, out: Shape, options: PoolOptions, ties: 'first' | 'all') {
  const { i, j, p, q, row, column, c } = poolAt(x, out, options);
  return layer.define('y', out, [i, j, c], max([p, q], read(x, [row, column, c]), ties));
}

/** y[i,j,c] = Σ x[s·i + d·p − before, …, c] / n[i,j], where n counts the real places of the window, or all. */
export function averagePool(layer: LayerBuilder, x: Tensor, out: Shape, options: PoolOptions): Tensor {
  const { i, j, p, q, row, column, c } = poolAt(x, out, options);
  const value = read(x, [row, column, c]);
  const average = options.countIncludePad
    ? divide(sum([p, q], value), paddedCount(x.shape, out, options, i, j))
    : mean([p, q], value);
  return layer.define('y', out, [i, j, c], average);
}

/** y[i,j,c] = (Σ |x[s·i + d·p − before, …, c]|^order)^(1/order); where all are 0, it is 0, and its slope too. */
export function lpPool(
  layer: LayerBuilder,
  x: Tensor,
  out: Shape,
  o: PoolOptions & { readonly order: number },
): Tensor {
  const { i, j, p, q, row, column, c } = poolAt(x, out, o);
  const s = layer.define('s', out, [i, j, c], sum([p, q], powerOf(read(x, [row, column, c]), o.order)));
  if (o.order === 1) return s;
  const isSome = (at: readonly Affine[]) => compare(read(s, at), '>', zero);
  const own = layer.indices(out);
  // Nowhere 0, so that its root has a slope.
  const u = layer.define('u', out, own, where(isSome(own), read(s, own), one));
  const to = layer.indices(out);
  // u^(1/p) = exp(log(u)/p)
  const root =
    o.order === 2 ? call('sqrt', read(u, to)) : call('exp', divide(call('log', read(u, to)), number(o.order)));
  return layer.define('y', out, to, where(isSome(to), root, zero));
}

/** |u|ⁿ, as a product. */
function powerOf(u: Expression, n: number): Expression {
  const squares = Array.from({ length: Math.floor(n / 2) }, () => call('square', u));
  return multiply(...(n % 2 === 0 ? [] : [call('abs', u)]), ...squares);
}

/** How many places of the window lie inside the image with its padding; what ceilMode adds behind it does not count. */
function paddedCount(input: Shape, out: Shape, options: PoolOptions, i: Affine, j: Affine): Expression {
  const window = windowOf(options);
  const image = imageShape(input);
  // The count has window indices of its own.
  const counted = windowAt(input, out, window, [i, j]);
  const touched = [counted.row, counted.column] as const;
  const inside = bothAxes((axis) => {
    const { before, after } = windowExtent(image[axis], axis, window);
    // As a coordinate of the padded image.
    return { at: plus(touched[axis], before), size: before + image[axis] + after };
  });
  return count(indicesOf([counted.p, counted.q]), inside);
}
