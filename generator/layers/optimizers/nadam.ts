import { z } from 'zod';
import { add, call, divide, type Expression, multiply, number, one, subtract } from '../../equations/expression.ts';
import { adamOptions, powerFromOne } from './adam.ts';
import { average, defineOptimizer } from './optimizer.ts';

/** How fast the momentum grows to β₁ (Dozat 2016, as in Keras). */
const decay = 0.96;

/**
 * Adam with Nesterov's look ahead (Dozat 2016; Keras 3, `Nadam`): μₜ = β₁(1 − ½·0.96ᵗ), P = Π μ up to t;
 * m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; w ← w − rate·(μₜ₊₁·m/(1 − P·μₜ₊₁) + (1 − μₜ)·g/(1 − P))/(√(v/(1 − β₂ᵗ)) + ε).
 */
export const nadam = defineOptimizer({
  options: z.strictObject(adamOptions),
  update({ w, g, rate, slot, scalar }, { beta1, beta2, epsilon }) {
    const [m, v] = [slot('m'), slot('v')];
    const [next, own, product, root] = [scalar('a'), scalar('b'), scalar('p'), scalar('r')];
    // 0.96ᵗ and P are kept as 1 − 0.96ᵗ and p = 1 − P, which are 0 before the first step as every slot is.
    const powers = subtract(one, powerFromOne(scalar('e'), decay));
    const momentum = (of: Expression): Expression => subtract(number(beta1), multiply(number(beta1 / 2), of));
    const mu = momentum(powers);
    const after = momentum(multiply(number(decay), powers));
    product.becomes(subtract(one, multiply(subtract(one, product.value), mu)));
    own.becomes(divide(subtract(one, mu), product.value));
    next.becomes(divide(after, subtract(one, multiply(subtract(one, product.value), after))));
    const rest = powerFromOne(root, beta2);
    m.becomes(average(m.value, g, beta1));
    v.becomes(average(v.value, call('square', g), beta2));
    const ahead = add(multiply(next.value, m.value), multiply(own.value, g));
    const below = add(call('sqrt', divide(v.value, rest)), number(epsilon));
    w.becomes(subtract(w.value, divide(multiply(rate, ahead), below)));
  },
});
