import { describe, expect, it } from 'vitest';
import { everyForm } from '../cases/everyForm.ts';

const inputs = [-3, -0.5, -1e-9, 0, 0.7];

interface Model {
  readonly inputGradient: ArrayLike<number>;
  forward(input: readonly number[]): ArrayLike<number>;
  backward(gradient: readonly number[]): void;
}

/** What PyTorch computes, and its slope: min(0, α(e^(z/α) − 1)) and min(0, α(eᶻ − 1)) below 0. */
const below = {
  celu: (z: number, alpha: number) => [alpha * Math.expm1(z / alpha), Math.exp(z / alpha)] as const,
  elu: (z: number, alpha: number) => [alpha * Math.expm1(z), alpha * Math.exp(z)] as const,
  leakyRelu: (z: number, alpha: number) => [alpha * z, alpha] as const,
};

describe.each(everyForm)('in the form $form', ({ load, rounding }) => {
  it.each([
    ['celu', -0.5],
    ['celu', -2],
    ['celu', 3],
    ['elu', -1.5],
    ['leakyRelu', -0.5],
  ] as const)('%s with α = %d has its value and its slope', async (activation, alpha) => {
    const spec = { name: 'alpha', input: [inputs.length], layers: [{ type: 'activation', activation, alpha }] };
    const model = ((await load(spec)) as unknown as { createModel(): Model }).createModel();
    const values = [...Array.from(model.forward(inputs))];
    model.backward(inputs.map(() => 1));
    for (const [n, z] of inputs.entries()) {
      const [value, slope] = z > 0 ? [z, 1] : below[activation](z, alpha);
      expect(Math.abs(values[n]! - value)).toBeLessThanOrEqual(8 * rounding * Math.abs(value));
      expect(Math.abs(model.inputGradient[n]! - slope)).toBeLessThanOrEqual(8 * rounding * Math.abs(slope));
    }
  });
});
