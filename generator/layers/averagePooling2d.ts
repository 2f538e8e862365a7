import { z } from 'zod';
import { mean, read } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { poolOptions } from './options.ts';
import { poolAt, poolShape } from './pools.ts';

/** y[i,j,c] = Σ x[s·i + p − before, …, c] / n[i,j], where n counts the real places of the window. */
export const averagePooling2d = defineLayer({
  options: z.strictObject(poolOptions),
  shape: ([input = []], o) => poolShape(input, o),
  forward(layer, o) {
    const { i, j, p, q, row, column, c } = poolAt(layer, o);
    return layer.define('y', layer.shape, [i, j, c], mean([p, q], read(layer.x, [row, column, c])));
  },
});
