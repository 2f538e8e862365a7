import { z } from 'zod';
import { elementsOf } from '../shape.ts';
import { defineLayer } from './layer.ts';

/** The same numbers as a vector, row by row: a view, without an equation. */
export const flatten = defineLayer({
  isView: true,
  options: z.strictObject({}),
  shape: ([input = []]) => [elementsOf(input)],
  forward: (layer) => layer.view(layer.x, layer.shape),
});
