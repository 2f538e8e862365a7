import type { Affine } from '../equations/affine.ts';
import { add, multiply, number, read } from '../equations/expression.ts';
import type { Tensor } from '../equations/tensor.ts';
import type { Size } from '../shape.ts';
import type { LayerBuilder } from './builder.ts';
import { imageIndices, imageShape } from './images.ts';
import { Misfit } from './layer.ts';
import { type Picking, runsOf } from './taps.ts';
import type { WindowAxis } from './windows.ts';

/** The image in another height and width: first along the columns' axis, then along the rows'. */
export function resize(layer: LayerBuilder, [height, width]: Size, how: Picking): Tensor {
  const rows = resizeAxis(layer, layer.x, 0, height, how);
  return resizeAxis(layer, rows, 1, width, how);
}

/** y[…, to, …] = Σ weight·x[…, from, …]: an equation for each run of places that read alike. */
function resizeAxis(layer: LayerBuilder, x: Tensor, axis: WindowAxis, out: number, how: Picking): Tensor {
  const size = imageShape(x.shape)[axis];
  if (size === out) return x;
  const y = layer.tensor('y', x.shape.with(axis, out));
  for (const { to, taps } of runsOf(axis === 0 ? 'i' : 'j', size, out, how)) {
    const place = imageIndices(x.shape);
    const along = (coordinate: Affine): Affine[] => place.with(axis, coordinate);
    const terms = taps.map(({ from, weight }) => multiply(number(weight), read(x, along(from))));
    layer.assign(y, along(to), add(...terms));
  }
  return y;
}

/** Numbers of a cubic beside another interpolation. */
export function misfitOfCubic(o: Omit<Picking, 'coordinates'>): Misfit | undefined {
  const stray = (['cubicCoefficient', 'excludeOutside'] as const).find((name) => o[name] !== undefined);
  if (o.interpolation === 'bicubic' || stray === undefined) return undefined;
  return new Misfit(stray, `found it beside interpolation "${o.interpolation}"`, 'expected it beside "bicubic" only');
}
