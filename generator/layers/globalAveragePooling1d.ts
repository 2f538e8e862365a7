import { z } from 'zod';
import { mean, read } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { sequenceIndices, sequenceShape } from './oneAxis.ts';

/** y[c] = Σ x[n,c] / length. */
export const globalAveragePooling1d = defineLayer({
  options: z.strictObject({}),
  shape: ([input = []]) => sequenceShape(input, (row) => row.slice(-1)),
  forward(layer) {
    const [n, c] = sequenceIndices(layer.x.shape);
    return layer.define('y', layer.shape, [c], mean([n], read(layer.x, [n, c])));
  },
});
