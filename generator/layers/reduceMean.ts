import { z } from 'zod';
import { constant } from '../equations/affine.ts';
import { mean, read } from '../equations/expression.ts';
import { present } from '../lists.ts';
import type { Shape } from '../shape.ts';
import { defineLayer, Misfit } from './layer.ts';
import { axisNumbers, axisOf, flag } from './options.ts';

/** The positions of axes in a shape; all of them where none is named, undefined where one is none of its own. */
function positionsOf(axes: readonly number[] | undefined, shape: Shape): readonly number[] | undefined {
  if (axes === undefined) return [...shape.keys()];
  const positions = new Set(axes.flatMap((axis) => axisOf(axis, shape) ?? []));
  return positions.size === axes.length ? [...positions] : undefined;
}

/** The mean along some axes, which are dropped, or keep one place each (TensorFlow, `reduce_mean`). */
export const reduceMean = defineLayer({
  options: z.strictObject({
    axes: axisNumbers.optional().describe('The axes, from 1, or from the end below 0; all where absent.'),
    keepDims: flag.default(false).describe('Each of the axes stays, with one place.'),
  }),
  shape([input = []], { axes, keepDims }) {
    const over = positionsOf(axes, input);
    const expected = `expected axes from 1 to ${input.length}, each once`;
    if (over === undefined) return new Misfit('axes', `found [${axes?.join(', ')}]`, expected);
    if (keepDims) return input.map((size, axis) => (over.includes(axis) ? 1 : size));
    const kept = input.filter((_, axis) => !over.includes(axis));
    return kept.length === 0 ? [1] : kept;
  },
  forward(layer, { axes, keepDims }) {
    const at = layer.indices(layer.x.shape);
    const over = positionsOf(axes, layer.x.shape) ?? [];
    const kept = at.filter((_, axis) => !over.includes(axis));
    const to = keepDims ? at.map((one, axis) => (over.includes(axis) ? constant(0) : one)) : kept;
    const value = mean(
      over.map((axis) => present(at[axis])),
      read(layer.x, at),
    );
    return layer.define('y', layer.shape, to.length === 0 ? [constant(0)] : to, value);
  },
});
