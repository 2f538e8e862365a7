import { z } from 'zod';
import { index } from '../equations/affine.ts';
import { mean, read } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { sequenceShape } from './oneAxis.ts';

/** y[c] = Σ x[n,c] / length. */
export const globalAveragePooling1d = defineLayer({
  options: z.strictObject({}),
  shape: ([input = []]) => sequenceShape(input, (row) => row.slice(-1)),
  forward(layer) {
    const [n, c] = [index('n', layer.x.shape[0] as number), index('c', layer.x.shape[1] as number)];
    return layer.define('y', layer.shape, [c], mean([n], read(layer.x, [n, c])));
  },
});
