import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTeam, type Model } from '../../examples/threads/team.ts';
import { generate } from '../../generator/index.ts';
import { randomNumbers } from '../execution/randomNumbers.ts';

const folder = mkdtempSync(join(tmpdir(), 'longhand-team-'));
afterAll(() => rmSync(folder, { recursive: true }));

const spec = {
  name: 'team',
  input: [6, 6, 1],
  layers: [
    { type: 'conv2d', filters: 3, kernelSize: 3, activation: 'tanh' },
    { type: 'flatten' },
    { type: 'dense', units: 2 },
  ],
  loss: 'meanSquaredError',
  optimizer: { type: 'adam' },
};
interface Trainer extends Model {
  initialize(seed: number): void;
  trainBatch(inputs: Float32Array, targets: Float32Array, count: number, rate: number): number;
}
let module: { readonly network: { readonly parameterCount: number }; createModel(): Trainer };
const address = pathToFileURL(join(folder, 'team.ts')).href;

beforeAll(async () => {
  for (const { path, content } of generate(spec, { form: 'wasm' })) writeFileSync(join(folder, path), content);
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  module = await import(/* @vite-ignore */ address);
});

const sizesOf = (threads: number, capacity: number, file = address) => ({
  ...{ module: file, threads, capacity, inputSize: 36, targetSize: 2 },
  parameterCount: module.network.parameterCount,
});

test.each([1, 2, 3])('%i threads take the steps that one takes, whatever the batch', async (threads) => {
  const [alone, model] = [module.createModel(), module.createModel()];
  for (const one of [alone, model]) one.initialize(4);
  const team = await createTeam(model, sizesOf(threads, 7));
  try {
    for (const [step, samples] of [7, 1, 5, 2].entries()) {
      const inputs = Float32Array.from(randomNumbers(36 * samples, step));
      const targets = Float32Array.from(randomNumbers(2 * samples, 10 + step));
      const expected = alone.trainBatch(inputs, targets, samples, 0.01);
      expect(await team.step(inputs, targets, samples, 0.01)).toBeCloseTo(expected, 5);
      const differences = model.parameters.map((value, n) => Math.abs(value - alone.parameters[n]!));
      expect(Math.max(...differences)).toBeLessThan(2e-6);
    }
    await expect(team.step(new Float32Array(0), new Float32Array(0), 8, 1)).rejects.toThrow(
      'found 8 samples, expected at most 7',
    );
  } finally {
    await team.end();
  }
});

test('a thread that cannot begin, or dies in a step, ends the run with its error', async () => {
  const model = module.createModel();
  await expect(createTeam(model, sizesOf(2, 4, 'file:///nowhere.mjs'))).rejects.toThrow(/^thread 2: .*nowhere\.mjs/);
  const dying = join(folder, 'dying.mjs');
  writeFileSync(
    dying,
    `export const createModel = () => ({ parameters: new Float32Array(1e4), gradients: new Float32Array(0),
      clearGradients() {}, backwardBatch() { throw new Error('out of ink'); } });`,
  );
  const team = await createTeam(model, sizesOf(2, 4, pathToFileURL(dying).href));
  await expect(team.step(new Float32Array(144), new Float32Array(8), 4, 0.1)).rejects.toThrow(
    'thread 2: Error: out of ink',
  );
  await team.end();
});

test('the example learns the digits alone as with another thread', async () => {
  const { trainOnThreads } = await import('../../examples/threads.ts');
  const [one, two] = [await trainOnThreads(1), await trainOnThreads(2)];
  expect(one.accuracy).toBeGreaterThan(0.95);
  expect(two.loss).toBeCloseTo(one.loss, 4);
});
