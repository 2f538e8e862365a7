import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadDigits } from '../../examples/digits/loadDigits.ts';
import type { Model } from '../../examples/digits/model.ts';
import { splitDigits, toSample } from '../../examples/digits/samples.ts';
import { predict, type Schedule, train } from '../../examples/digits/train.ts';
import { load } from '../execution/load.ts';
import { loadWasm } from './loadWasm.ts';

const pathOf = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));

/** The example's schedule, shorter: 15,000 steps. */
const schedule: Schedule = { epochs: 10, batchSize: 1, firstRate: 0.05, lastRate: 0.002, weightDecay: 0.005, seed: 1 };

it('training in float32 ends at the test accuracy of float64, within 1 %', async () => {
  const spec = JSON.parse(readFileSync(pathOf('digits.net.json'), 'utf8'));
  const { training, test } = splitDigits(loadDigits(pathOf('data/digits.csv')), 1500, 1);
  const accuracyOf = (model: Model): number => {
    model.initialize(1);
    train(model, training.map(toSample), schedule, () => {});
    const predictions = predict(model, test.map(toSample));
    return test.filter(({ label }, n) => predictions[n] === label).length / test.length;
  };
  const [wasm, fast] = [(await loadWasm(spec)).createModel(), (await load(spec, { form: 'fast' })).createModel()];
  const [found, expected] = [accuracyOf(wasm as unknown as Model), accuracyOf(fast)];
  expect(expected).toBeGreaterThan(0.9);
  expect(Math.abs(found - expected), `found ${found}, expected ${expected}`).toBeLessThanOrEqual(0.01);
});
