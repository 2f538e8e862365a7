import { z } from 'zod';
import { add, call, divide, type Expression, multiply, number, subtract } from '../../equations/expression.ts';
import { positiveNumber } from '../options.ts';
import { average, defineOptimizer, type Slot, share } from './optimizer.ts';

/** v ← ρv + (1 − ρ)g²; u ← g·√(d + ε)/√(v + ε); w ← w − rate·u; d ← ρd + (1 − ρ)u² (Zeiler 2012; Keras 3, `Adadelta`). */
export const adadelta = defineOptimizer({
  options: z.strictObject({ rho: share.default(0.95), epsilon: positiveNumber.default(1e-7) }),
  update({ w, g, rate, slot }, { rho, epsilon }) {
    const [v, u, d] = [slot('v'), slot('u'), slot('d')];
    v.becomes(average(v.value, call('square', g), rho));
    const root = ({ value }: Slot): Expression => call('sqrt', add(value, number(epsilon)));
    u.becomes(divide(multiply(g, root(d)), root(v)));
    w.becomes(subtract(w.value, multiply(rate, u.value)));
    d.becomes(average(d.value, call('square', u.value), rho));
  },
});
