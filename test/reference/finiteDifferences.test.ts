import { describe, expect, it } from 'vitest';
import { differentiate, finiteDifferences } from '../../generator/reference/finiteDifferences.ts';
import { expectClose, largest } from './expectClose.ts';
import { networkOf, normalize } from './normalize.ts';

const dense = { type: 'dense', units: 2, useBias: false } as const;

describe('finite differences', () => {
  it('give the gradient of a smooth function, and a small error', () => {
    const { values, errors } = differentiate(([x, y]) => Math.sin(x!) * Math.exp(y!), [0.3, -1.2]);
    expectClose(values, [Math.cos(0.3) * Math.exp(-1.2), Math.sin(0.3) * Math.exp(-1.2)], 1e-10);
    expect(largest(errors)).toBeLessThan(1e-10);
  });

  it('take a larger step for a larger value', () => {
    const { values, errors } = differentiate(([x]) => x! * x!, [1e7 / 3]);
    expectClose(values, [2e7 / 3], 1e-10);
    expect(largest(errors)).toBeLessThan(1e-3);
  });

  it('leave the point alone', () => {
    const point = Float64Array.of(1 / 3, 2 / 3);
    const before = point.slice();
    differentiate(([x]) => x!, point);
    expect(point).toEqual(before);
  });

  it('report a kink wherever it lies within four steps', () => {
    const step = 2 ** -14;
    // Among the places are ±4/7 and ±20/11, where the two one-sided differences agree in spite of the kink.
    for (let places = -300; places <= 300; places++) {
      const kink = (places / 77) * step;
      const { errors } = differentiate(([x]) => Math.max(x! - kink, 0), [0], step);
      expect(errors[0], `a kink ${places / 77} steps away`).toBeGreaterThan(1e-3);
    }
    expect(differentiate(([x]) => Math.max(x! - 5 * step, 0), [0], step).errors[0]).toBe(0);
  });

  it('recognize relu at 0 and the tie of a pool', () => {
    const relu = networkOf([1], { type: 'activation', activation: 'relu' });
    expect(finiteDifferences(relu, [], [0], [1]).inputGradient.errors[0]).toBeCloseTo(1);
    const pool = networkOf([2, 2, 1], { type: 'maxPooling2d' });
    const { values, errors } = finiteDifferences(pool, [], [1, 3, 3, 2], [1]).inputGradient;
    expect(Array.from(errors, (error) => error > 0.5)).toEqual([false, true, true, false]);
    expectClose(values, [0, 0.5, 0.5, 0], 1e-10);
  });

  it('differentiate the output weighted by its gradient where the network has no loss', () => {
    const { gradients, inputGradient } = finiteDifferences(networkOf([2], dense), [1, 2, 3, 4], [5, 6], [10, 100]);
    expectClose(gradients.values, [50, 500, 60, 600], 1e-9);
    expectClose(inputGradient.values, [210, 430], 1e-9);
  });

  it('differentiate the loss where it has one', () => {
    const network = normalize({ name: 'case', input: [2], layers: [dense], loss: 'squaredError' });
    // y = [23, 34], y − t = [2, −1]
    const { gradients, inputGradient } = finiteDifferences(network, [1, 2, 3, 4], [5, 6], [21, 35]);
    expectClose(gradients.values, [10, -5, 12, -6], 1e-9);
    expectClose(inputGradient.values, [0, 2], 1e-9);
  });

  it('are 0 for the statistics that do not learn', () => {
    const network = networkOf([1], { type: 'batchNormalization', epsilon: 1 });
    // y = γ·(x − μ)/√(v + 1) + β
    const { gradients, inputGradient } = finiteDifferences(network, [6, 7, 1, 3], [5], [10]);
    expectClose(gradients.values, [20, 10, 0, 0], 1e-9);
    expect([...gradients.values.slice(2), ...gradients.errors.slice(2)]).toEqual([0, 0, 0, 0]);
    expectClose(inputGradient.values, [30], 1e-9);
  });

  it('refuse an output gradient of the wrong length', () => {
    expect(() => finiteDifferences(networkOf([2], dense), [1, 2, 3, 4], [5, 6], [1])).toThrow('expected 2 numbers');
  });
});
