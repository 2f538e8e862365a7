import { z } from 'zod';
import { defineLayer } from './layer.ts';
import { countIncludePad, poolOptions } from './options.ts';
import { averagePool, poolShape } from './pools.ts';

/** y[i,j,c] = Σ x[s·i + d·p − before, …, c] / n[i,j], where n counts the real places of the window. */
export const averagePooling2d = defineLayer({
  options: z.strictObject({ ...poolOptions, countIncludePad }),
  shape: ([input = []], o) => poolShape(input, o),
  forward: (layer, o) => averagePool(layer, layer.x, layer.shape, o),
});
