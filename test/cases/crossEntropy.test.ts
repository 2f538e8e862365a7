import { describe, expect, it } from 'vitest';
import { everyForm } from './everyForm.ts';
import { readExpected, readSpec } from './readCase.ts';

interface Confident {
  readonly logits: readonly number[];
  readonly class: number;
  readonly loss: number;
  readonly softmax: readonly number[];
}

const name = '01-ce-large-logits';
const cases = readExpected<readonly Confident[]>(name);

/** Roundings that a value is away from the right one at most, relative to itself. */
const roundings = 16;

const networkOf = (classes: number) => ({ ...readSpec(name), input: [classes] });
const oneHot = (classes: number, at: number): number[] => Array.from({ length: classes }, (_, n) => (n === at ? 1 : 0));

describe.each(everyForm)('in the form $form', ({ form, rounding, load }) => {
  const near = (found: number, expected: number): boolean =>
    Math.abs(found - expected) <= roundings * rounding * Math.abs(expected) ||
    // Below its smallest normal number a form has no more digits.
    (Math.abs(expected) < (form === 'wasm' ? 2 ** -126 : 2 ** -1022) && Math.abs(found) <= 2 * Math.abs(expected));

  it.each(cases)('softmax, cross-entropy and gradient of $logits are right, class $class', async (one) => {
    const { createModel } = await load(networkOf(one.logits.length));
    const model = createModel();
    const output = Array.from(model.forward(one.logits));
    expect(output.filter((a, n) => !near(a, one.softmax[n]!))).toEqual([]);
    const target = oneHot(one.logits.length, one.class);
    const loss = model.backward(target);
    expect(near(loss, one.loss), `loss ${loss}, expected ${one.loss}`).toBe(true);
    // a − t is as exact as 1 is.
    const wrong = Array.from(model.inputGradient).filter(
      (dz, n) => !(Math.abs(dz - (one.softmax[n]! - target[n]!)) <= roundings * rounding),
    );
    expect(wrong).toEqual([]);
  });

  const largest = form === 'wasm' ? 2 ** 128 - 2 ** 104 : Number.MAX_VALUE;
  it.each([0, -0, 1e-30, 1, -1e3, 1e6, 1e8, 1e16, -1e30, 1e38, largest, -largest])(
    'two equal logits of %s give a loss of log 2',
    async (v) => {
      const { createModel } = await load(networkOf(2));
      const model = createModel();
      expect(Array.from(model.forward([v, v]))).toEqual([0.5, 0.5]);
      expect(near(model.backward([0, 1]), Math.LN2)).toBe(true);
      expect(Array.from(model.inputGradient)).toEqual([0.5, -0.5]);
    },
  );

  it('holds for every pixel of an image, and through a view', async () => {
    const layers = [
      { type: 'reshape', shape: [2, 1, 3] },
      { type: 'activation', activation: 'softmax' },
    ];
    const { createModel } = await load({ name: 'pixels', input: [6], layers, loss: 'categoricalCrossentropy' });
    const model = createModel();
    model.forward([1e30, 1e30, 0, 20, 5, 3]);
    const loss = model.backward([0, 1, 0, 0, 0, 0]);
    expect(near(loss, Math.LN2)).toBe(true);
    expect(near(model.backward([0, 0, 0, 1, 0, 0]), cases[5]!.loss)).toBe(true);
  });

  it('logSoftmax keeps the digits of a confident class', async () => {
    const layers = [{ type: 'activation', activation: 'logSoftmax' }];
    const { createModel } = await load({ name: 'log', input: [3], layers });
    const model = createModel();
    for (const { logits, class: at, loss } of cases.filter(({ logits }) => logits.length === 3))
      expect(near(model.forward(logits)[at]!, -loss)).toBe(true);
  });
});
