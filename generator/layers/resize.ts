import { type Affine, index } from '../equations/affine.ts';
import { add, multiply, number, read } from '../equations/expression.ts';
import type { Tensor } from '../equations/tensor.ts';
import type { Size } from '../shape.ts';
import type { LayerBuilder } from './builder.ts';
import { type CoordinateRule, type Interpolation, runsOf } from './taps.ts';

/** The image in another height and width: first along the columns' axis, then along the rows'. */
export function resize(layer: LayerBuilder, [height, width]: Size, how: Interpolation, rule: CoordinateRule): Tensor {
  const rows = resizeAxis(layer, layer.x, 0, height, how, rule);
  return resizeAxis(layer, rows, 1, width, how, rule);
}

/** y[…, to, …] = Σ weight·x[…, from, …]: an equation for each run of places that read alike. */
function resizeAxis(
  layer: LayerBuilder,
  x: Tensor,
  axis: 0 | 1,
  out: number,
  how: Interpolation,
  rule: CoordinateRule,
): Tensor {
  const size = x.shape[axis] as number;
  if (size === out) return x;
  const y = layer.tensor('y', x.shape.with(axis, out));
  for (const { to, taps } of runsOf('ij'[axis]!, size, out, how, rule)) {
    const others = [index('i', x.shape[0]!), index('j', x.shape[1]!), index('c', x.shape[2]!)];
    const along = (place: Affine): Affine[] => others.with(axis, place);
    const terms = taps.map(({ from, weight }) => multiply(number(weight), read(x, along(from))));
    layer.assign(y, along(to), add(...terms));
  }
  return y;
}
