import { z } from 'zod';
import { add, call, divide, multiply, number, one, subtract } from '../../equations/expression.ts';
import { flag, positiveNumber } from '../options.ts';
import { average, defineOptimizer, share } from './optimizer.ts';

/**
 * v ← ρv + (1 − ρ)g²; w ← w − rate·g/√(v + ε) (Hinton 2012; Keras 3, `RMSprop`). Centered, v is the variance of the gradients
 * instead, their mean square less the square of their mean a: u ← ρ(u + (1 − ρ)(g − a)²); a ← ρa + (1 − ρ)g is the same
 * number, and nothing cancels. With a momentum: p ← momentum·p + rate·g/√(v + ε); w ← w − p.
 */
export const rmsprop = defineOptimizer({
  options: z.strictObject({
    rho: share.default(0.9),
    momentum: share.default(0),
    epsilon: positiveNumber.default(1e-7),
    centered: flag.default(false),
  }),
  update({ w, g, rate, slot }, o) {
    const v = slot(o.centered ? 'u' : 'v');
    if (o.centered) {
      const a = slot('a');
      const spread = multiply(subtract(one, number(o.rho)), call('square', subtract(g, a.value)));
      v.becomes(multiply(number(o.rho), add(v.value, spread)));
      a.becomes(average(a.value, g, o.rho));
    } else v.becomes(average(v.value, call('square', g), o.rho));
    const move = divide(multiply(rate, g), call('sqrt', add(v.value, number(o.epsilon))));
    if (o.momentum === 0) return w.becomes(subtract(w.value, move));
    const p = slot('p');
    p.becomes(add(multiply(number(o.momentum), p.value), move));
    w.becomes(subtract(w.value, p.value));
  },
});
