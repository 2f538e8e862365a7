import { z } from 'zod';
import { constant } from '../equations/affine.ts';
import { call, compare, divide, number, read, sum, where } from '../equations/expression.ts';
import { present } from '../lists.ts';
import { defineLayer, Misfit } from './layer.ts';
import { axisOf, axisOption } from './options.ts';

/** No norm is taken as smaller, and no square of one (Keras). */
const [least, leastSquare] = [1e-12, 1e-24];

/** y = x/max(‖x‖, ε) along an axis, ‖x‖ = √Σx² or Σ|x| (Keras, `UnitNormalization`; ONNX, `LpNormalization`). */
export const unitNormalization = defineLayer({
  options: z.strictObject({
    axis: axisOption,
    order: z.literal([1, 2], { error: 'expected 1 or 2' }).default(2).describe('2: √Σx²; 1: Σ|x|.'),
  }),
  shape([input = []], { axis }) {
    if (axisOf(axis, input) !== undefined) return input;
    return new Misfit('axis', `found ${axis}`, `expected an axis from 1 to ${input.length}, or from the end`);
  },
  forward(layer, { axis, order }) {
    const { x, shape } = layer;
    const position = present(axisOf(axis, shape));
    const kept = shape.length === 1 ? [1] : shape.toSpliced(position, 1);
    const placeOf = <T>(at: readonly T[], none: T) => (at.length === 1 ? [none] : at.toSpliced(position, 1));
    const at = layer.indices(shape);
    const term = call(order === 1 ? 'abs' : 'square', read(x, at));
    const n = layer.define('n', kept, placeOf(at, constant(0)), sum([present(at[position])], term));
    const own = layer.indices(kept);
    const smallest = number(order === 1 ? least : leastSquare);
    const size = where(compare(read(n, own), '<', smallest), smallest, read(n, own));
    const s = layer.define('s', kept, own, order === 1 ? size : call('sqrt', size));
    const to = layer.indices(shape);
    return layer.define('y', shape, to, divide(read(x, to), read(s, placeOf(to, constant(0)))));
  },
});
