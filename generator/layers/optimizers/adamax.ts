import { z } from 'zod';
import { add, call, compare, divide, multiply, number, subtract, where } from '../../equations/expression.ts';
import { adamOptions, powerFromOne } from './adam.ts';
import { average, defineOptimizer } from './optimizer.ts';

/**
 * m ← β₁m + (1 − β₁)g; u ← max(β₂u, |g|); w ← w − rate/(1 − β₁ᵗ)·m/(u + ε) (Kingma and Ba 2015, section 7.1; Keras 3,
 * `Adamax`).
 */
export const adamax = defineOptimizer({
  options: z.strictObject(adamOptions),
  update({ w, g, rate, slot, scalar }, { beta1, beta2, epsilon }) {
    const [m, u, alpha] = [slot('m'), slot('u'), scalar('α')];
    alpha.becomes(divide(rate, powerFromOne(scalar('q'), beta1)));
    m.becomes(average(m.value, g, beta1));
    const kept = multiply(number(beta2), u.value);
    u.becomes(where(compare(kept, '>', call('abs', g)), kept, call('abs', g)));
    w.becomes(subtract(w.value, divide(multiply(alpha.value, m.value), add(u.value, number(epsilon)))));
  },
});
