import { z } from 'zod';
import { defineLayer } from './layer.ts';
import { poolOptions, ties } from './options.ts';
import { maxPool, poolShape } from './pools.ts';

/** y[i,j,c] = max x[s·i + d·p − before, …, c]; a padded place never wins. */
export const maxPooling2d = defineLayer({
  options: z.strictObject({ ...poolOptions, ties }),
  shape: ([input = []], o) => poolShape(input, o),
  forward: (layer, o) => maxPool(layer, layer.x, layer.shape, o, o.ties),
});
