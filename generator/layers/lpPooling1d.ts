import { z } from 'zod';
import { defineLayer } from './layer.ts';
import { onRow, rowPool, sequenceShape } from './oneAxis.ts';
import { poolOptionsAlong, poolOrder } from './options.ts';
import { lpPool, poolShape } from './pools.ts';

/** y[j,c] = (Σ |x[s·j + d·q − before, c]|^order)^(1/order). */
export const lpPooling1d = defineLayer({
  options: z.strictObject({ ...poolOptionsAlong, order: poolOrder }),
  shape: ([input = []], o) => sequenceShape(input, (row) => poolShape(row, rowPool(o))),
  forward: (layer, o) => onRow(layer, (x, out) => lpPool(layer, x, out, { ...rowPool(o), order: o.order })),
});
