import { z } from 'zod';
import { add, call, divide, type Expression, multiply, number, one, subtract } from '../../equations/expression.ts';
import { positiveNumber } from '../options.ts';
import { average, defineOptimizer, type Slot, share, type UpdateTerms } from './optimizer.ts';

/** Options of Adam and of its kin; spread into their `z.strictObject`. */
export const adamOptions = {
  beta1: share.default(0.9),
  beta2: share.default(0.999),
  epsilon: positiveNumber.default(1e-7),
};

interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * α = rate·√(1 − β₂ᵗ)/(1 − β₁ᵗ); m ← β₁m + (1 − β₁)g; v ← β₂v + (1 − β₂)g²; w ← w − α·m/(√v + ε) (Kingma and Ba 2015, with
 * the ε of Keras 3).
 */
export const adam = defineOptimizer({ options: z.strictObject(adamOptions), update: moveByMoments });

/** 1 − βᵗ, kept in a slot: it is 0 before the first step, as every slot is. */
export function powerFromOne(slot: Slot, beta: number): Expression {
  slot.becomes(add(slot.value, multiply(subtract(one, number(beta)), subtract(one, slot.value))));
  return slot.value;
}

export function moveByMoments({ w, g, rate, slot, scalar }: UpdateTerms, { beta1, beta2, epsilon }: AdamOptions): void {
  const [m, v] = [slot('m'), slot('v')];
  // β₁ᵗ and β₂ᵗ are kept as q = 1 − β₁ᵗ and r = 1 − β₂ᵗ, which are 0 before the first step as every slot is.
  const [c1, c2, alpha] = [scalar('q'), scalar('r'), scalar('α')];
  powerFromOne(c1, beta1);
  powerFromOne(c2, beta2);
  alpha.becomes(divide(multiply(rate, call('sqrt', c2.value)), c1.value));
  m.becomes(average(m.value, g, beta1));
  v.becomes(average(v.value, call('square', g), beta2));
  w.becomes(subtract(w.value, divide(multiply(alpha.value, m.value), add(call('sqrt', v.value), number(epsilon)))));
}
