import { z } from 'zod';
import { add, multiply, number, subtract } from '../../equations/expression.ts';
import { flag } from '../options.ts';
import { defineOptimizer, share } from './optimizer.ts';

/**
 * v ← momentum·v − rate·g; w ← w + v, or with Nesterov's look ahead w ← w + momentum·v − rate·g (Keras 3, `SGD` with a
 * momentum).
 */
export const momentum = defineOptimizer({
  options: z.strictObject({ momentum: share.default(0.9), nesterov: flag.default(false) }),
  update({ w, g, rate, slot }, o) {
    const v = slot('v');
    const [kept, pull] = [number(o.momentum), multiply(rate, g)];
    v.becomes(subtract(multiply(kept, v.value), pull));
    w.becomes(o.nesterov ? subtract(add(w.value, multiply(kept, v.value)), pull) : add(w.value, v.value));
  },
});
