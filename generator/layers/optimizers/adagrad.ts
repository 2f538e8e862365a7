import { z } from 'zod';
import { add, call, divide, multiply, number, subtract } from '../../equations/expression.ts';
import { nonNegativeNumber, positiveNumber } from '../options.ts';
import { defineOptimizer } from './optimizer.ts';

/**
 * v ← v + g²; w ← w − rate·g/√(v + a + ε) (Duchi et al. 2011; Keras 3, `Adagrad`, whose accumulator begins at a: here it is
 * added where it is read, so that v begins at 0).
 */
export const adagrad = defineOptimizer({
  options: z.strictObject({
    initialAccumulatorValue: nonNegativeNumber.default(0.1),
    epsilon: positiveNumber.default(1e-7),
  }),
  update({ w, g, rate, slot }, { initialAccumulatorValue, epsilon }) {
    const v = slot('v');
    v.becomes(add(v.value, call('square', g)));
    const below = call('sqrt', add(v.value, number(initialAccumulatorValue), number(epsilon)));
    w.becomes(subtract(w.value, divide(multiply(rate, g), below)));
  },
});
