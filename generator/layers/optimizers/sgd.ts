import { z } from 'zod';
import { multiply, subtract } from '../../equations/expression.ts';
import { defineOptimizer } from './optimizer.ts';

/** w ← w − rate·g. */
export const sgd = defineOptimizer({
  options: z.strictObject({}),
  update: ({ w, g, rate }) => w.becomes(subtract(w.value, multiply(rate, g))),
});
