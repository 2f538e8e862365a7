import { z } from 'zod';
import { nonNegativeNumber } from '../options.ts';
import { adamOptions, moveByMoments } from './adam.ts';
import { defineOptimizer } from './optimizer.ts';

/** w ← w − rate·λ·w, then a step of Adam (Loshchilov and Hutter 2019; Keras 3, `AdamW`): the decay meets no moment. */
export const adamw = defineOptimizer({
  options: z.strictObject({ weightDecay: nonNegativeNumber.default(0.004), ...adamOptions }),
  decouples: true,
  update: moveByMoments,
});
