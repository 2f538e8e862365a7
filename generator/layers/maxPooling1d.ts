import { z } from 'zod';
import { defineLayer } from './layer.ts';
import { onRow, rowPool, sequenceShape } from './oneAxis.ts';
import { poolOptionsAlong, ties } from './options.ts';
import { maxPool, poolShape } from './pools.ts';

/** y[j,c] = max x[s·j + d·q − before, c]; a padded place never wins. */
export const maxPooling1d = defineLayer({
  options: z.strictObject({ ...poolOptionsAlong, ties }),
  shape: ([input = []], o) => sequenceShape(input, (row) => poolShape(row, rowPool(o))),
  forward: (layer, o) => onRow(layer, (x, out) => maxPool(layer, x, out, rowPool(o), o.ties)),
});
