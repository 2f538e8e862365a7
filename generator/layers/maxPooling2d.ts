import { z } from 'zod';
import { max, read } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { poolOptions } from './options.ts';
import { poolAt, poolShape } from './pools.ts';

/** y[i,j,c] = max x[s·i + p − before, …, c]; a padded place never wins. */
export const maxPooling2d = defineLayer({
  options: z.strictObject({
    ...poolOptions,
    ties: z.enum(['first', 'all'], { error: "expected 'first' or 'all'" }).default('first'),
  }),
  shape: ([input = []], o) => poolShape(input, o),
  forward(layer, o) {
    const { i, j, p, q, row, column, c } = poolAt(layer, o);
    return layer.define('y', layer.shape, [i, j, c], max([p, q], read(layer.x, [row, column, c]), o.ties));
  },
});
