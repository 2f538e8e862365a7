import { describe, expect, it } from 'vitest';
import { everyForm } from './everyForm.ts';
import { readExpected, readSpec } from './readCase.ts';

interface BinaryTail {
  readonly x: number | 'Infinity' | '-Infinity';
  readonly t: number;
  readonly loss: number;
  readonly dLdx: number;
}

interface EluTail {
  readonly x: number;
  readonly elu: number;
  readonly elu_derivative: number;
  readonly selu_derivative: number;
}

/** Roundings that a value is away from the right one at most, relative to itself. */
const roundings = 8;

describe.each(everyForm)('in the form $form', ({ rounding, store, load }) => {
  const near = (found: number, expected: number): boolean =>
    Math.abs(found - expected) <= roundings * rounding * Math.abs(expected) ||
    // What the form cannot store is 0.
    (store(expected) === 0 && Object.is(found + 0, 0));

  it.each(readExpected<readonly BinaryTail[]>('02-bce-tail'))(
    'binary cross-entropy keeps its digits at $x, target $t',
    async ({ x, t, loss, dLdx }) => {
      const { createModel } = await load(readSpec('02-bce-tail'));
      const model = createModel();
      model.forward([Number(x)]);
      const found = model.backward([t]);
      expect(near(found, loss), `loss ${found}, expected ${loss}`).toBe(true);
      const slope = model.inputGradient[0]!;
      expect(near(slope, dLdx), `gradient ${slope}, expected ${dLdx}`).toBe(true);
    },
  );

  it.each(readExpected<readonly EluTail[]>('03-elu-tail'))('elu and selu have a slope at $x', async (one) => {
    const input = [one.x, one.x, one.x, one.x];
    for (const [activation, slope] of [
      ['elu', one.elu_derivative],
      ['selu', one.selu_derivative],
    ] as const) {
      const layers = [{ type: 'activation', activation }];
      const model = (await load({ name: 'tail', input: [4], layers })).createModel();
      const output = model.forward(input)[3]!;
      if (activation === 'elu') expect(near(output, one.elu), `${activation}(${one.x}) = ${output}`).toBe(true);
      model.backward([1, 1, 1, 1]);
      const found = model.inputGradient[3]!;
      expect(near(found, slope), `${activation}′(${one.x}) = ${found}, expected ${slope}`).toBe(true);
    }
  });

  it('a class that is ruled out costs nothing where its target is 0', async () => {
    const layers = [{ type: 'activation', activation: 'softmax' }];
    const spec = { name: 'masked', input: [3], layers, loss: 'categoricalCrossentropy' };
    const model = (await load(spec)).createModel();
    model.forward([1, Number.NEGATIVE_INFINITY, 1]);
    expect(near(model.backward([1, 0, 0]), Math.LN2)).toBe(true);
    expect(Array.from(model.inputGradient)).toEqual([-0.5, 0, 0.5]);
  });

  it('cross-entropy looks through layers that only rename places', async () => {
    const softmax = { type: 'activation', activation: 'softmax' };
    for (const views of [[{ type: 'flatten' }], [{ type: 'reshape', shape: [1, 2, 2] }, { type: 'flatten' }]]) {
      const spec = { name: 'view', input: [2, 1, 2], layers: [softmax, ...views], loss: 'categoricalCrossentropy' };
      const model = (await load(spec)).createModel();
      model.forward([1e30, 1e30, 0, 0]);
      expect(near(model.backward([1, 0, 0, 1]), 2 * Math.LN2)).toBe(true);
    }
  });

  it('batchNormalization takes an epsilon of 0', async () => {
    const layers = [{ type: 'batchNormalization', epsilon: 0 }];
    const model = (await load({ name: 'exact', input: [2], layers })).createModel([3, 1, 0.5, 0, 1, 0, 4, 1]);
    expect(Array.from(model.forward([5, 7]))).toEqual([6.5, 7]);
  });
});
