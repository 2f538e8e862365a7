import { z } from 'zod';
import { defineLayer } from './layer.ts';
import { onRow, rowPool, sequenceShape } from './oneAxis.ts';
import { countIncludePad, poolOptionsAlong } from './options.ts';
import { averagePool, poolShape } from './pools.ts';

/** y[j,c] = Σ x[s·j + d·q − before, c] / n[j], where n counts the real places of the window. */
export const averagePooling1d = defineLayer({
  options: z.strictObject({ ...poolOptionsAlong, countIncludePad }),
  shape: ([input = []], o) => sequenceShape(input, (row) => poolShape(row, rowPool(o))),
  forward: (layer, o) => onRow(layer, (x, out) => averagePool(layer, x, out, rowPool(o))),
});
