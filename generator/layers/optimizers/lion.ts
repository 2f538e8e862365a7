import { z } from 'zod';
import { compare, negate, subtract, where, zero } from '../../equations/expression.ts';
import { average, defineOptimizer, share } from './optimizer.ts';

/** u ← β₁m + (1 − β₁)g; w ← w − rate·sign u; m ← β₂m + (1 − β₂)g (Chen et al. 2023; Keras 3, `Lion`). */
export const lion = defineOptimizer({
  options: z.strictObject({ beta1: share.default(0.9), beta2: share.default(0.99) }),
  update({ w, g, rate, slot }, { beta1, beta2 }) {
    const [m, u] = [slot('m'), slot('u')];
    u.becomes(average(m.value, g, beta1));
    const below = where(compare(u.value, '<', zero), negate(rate), zero);
    w.becomes(subtract(w.value, where(compare(u.value, '>', zero), rate, below)));
    m.becomes(average(m.value, g, beta2));
  },
});
