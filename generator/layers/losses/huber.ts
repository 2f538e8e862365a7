import { z } from 'zod';
import { call, compare, multiply, number, subtract, where } from '../../equations/expression.ts';
import { positiveNumber } from '../options.ts';
import { elementwiseOptions, lossOfElements } from './elementwise.ts';

/** Σ h(y − t)/n with h(d) = ½d² where |d| ≤ δ, and δ·(|d| − ½δ) elsewhere (Huber 1964). */
export const huber = lossOfElements(
  z.strictObject({ ...elementwiseOptions, delta: positiveNumber.default(1) }),
  (y, t, { delta }) => {
    const d = subtract(y, t);
    const half = number(delta / 2);
    const above = multiply(number(delta), subtract(d, half));
    const below = multiply(number(-delta), subtract(d, number(-delta / 2)));
    const near = multiply(number(0.5), call('square', d));
    return where(compare(d, '>', number(delta)), above, where(compare(d, '<', number(-delta)), below, near));
  },
);
