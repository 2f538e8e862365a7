import { z } from 'zod';
import { add, call, compare, multiply, negate, number, one, subtract, where } from '../../equations/expression.ts';
import { elementwiseOptions, lossOfElements } from './elementwise.ts';

/**
 * Σ log cosh(y − t)/n (Keras). Near 0, where |d| + log(1 + e^(−2|d|)) − log 2 loses all digits of ½d², it is
 * −½·log(1 − tanh² d), as cosh⁻² = 1 − tanh²; elsewhere the sum never overflows.
 */
export const logCosh = lossOfElements(z.strictObject(elementwiseOptions), (y, t) => {
  const d = subtract(y, t);
  const size = call('abs', d);
  const near = multiply(number(-0.5), call('log1p', negate(call('square', call('tanh', d)))));
  const far = subtract(add(size, call('softplus', multiply(number(-2), size))), number(Math.LN2));
  return where(compare(size, '<', one), near, far);
});
