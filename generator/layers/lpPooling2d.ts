import { z } from 'zod';
import { defineLayer } from './layer.ts';
import { poolOptions, poolOrder } from './options.ts';
import { lpPool, poolShape } from './pools.ts';

/** y[i,j,c] = (Σ |x[s·i + d·p − before, …, c]|^order)^(1/order) (ONNX, `LpPool`). */
export const lpPooling2d = defineLayer({
  options: z.strictObject({ ...poolOptions, order: poolOrder }),
  shape: ([input = []], o) => poolShape(input, o),
  forward: (layer, o) => lpPool(layer, layer.x, layer.shape, o),
});
