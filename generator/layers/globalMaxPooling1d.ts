import { z } from 'zod';
import { max, read } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { sequenceIndices, sequenceShape } from './oneAxis.ts';

/** y[c] = max x[n,c]; the first winner gets the gradient. */
export const globalMaxPooling1d = defineLayer({
  options: z.strictObject({}),
  shape: ([input = []]) => sequenceShape(input, (row) => row.slice(-1)),
  forward(layer) {
    const [n, c] = sequenceIndices(layer.x.shape);
    return layer.define('y', layer.shape, [c], max([n], read(layer.x, [n, c])));
  },
});
