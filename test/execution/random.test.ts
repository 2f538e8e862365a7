import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { NetworkSpec } from '../../generator/index.ts';
import { forward, loss } from '../../generator/reference/interpreter.ts';
import { arbitrarySpec } from './arbitrarySpec.ts';
import { compareGradients, hasTies } from './gradientsAgree.ts';
import { type AnyModule, load, relativeError } from './load.ts';
import { randomNumbers } from './randomNumbers.ts';
import { type Sample, sampleOf } from './sample.ts';

/** `LONGHAND_RUNS=2000 npx vitest run test/execution/random.test.ts` for a long run. */
const runs = Number(process.env.LONGHAND_RUNS ?? 60);
const isLong = runs > 100;

const cases = fc.tuple(arbitrarySpec, fc.nat(1e6));
const check = (property: (module: AnyModule, sample: Sample, spec: NetworkSpec) => void | Promise<void>) =>
  fc.assert(
    fc.asyncProperty(cases, async ([spec, seed]) => {
      const module = await load(spec, { inputGradient: true, form: 'unrolled' });
      await property(module, sampleOf(spec, seed), spec);
    }),
    { numRuns: runs, ...(isLong ? {} : { interruptAfterTimeLimit: 30_000, markInterruptAsFailure: true }) },
  );

describe('the generated module of any network', { timeout: isLong ? runs * 1000 : 60_000 }, () => {
  const compared = { slots: 0, skipped: 0 };
  afterAll(() => {
    if (isLong) console.log(`compared ${compared.slots} gradients, skipped ${compared.skipped} at kinks`);
  });

  it('gives the output and the loss of the reference to 1e-12', () =>
    check(({ createModel }, sample) => {
      const { network, parameters, input, given } = sample;
      const model = createModel(parameters);
      expect(relativeError(model.forward(input), forward(network, parameters, input))).toBeLessThan(1e-12);
      const found = model.backward(given);
      if (network.loss === undefined) expect(found).toBeUndefined();
      else expect(relativeError([found], [loss(network, parameters, input, given)])).toBeLessThan(1e-12);
    }));

  it('gives the gradients that differences of the reference show', () =>
    check(({ createModel }, sample) => {
      fc.pre(!hasTies(sample));
      const model = createModel(sample.parameters);
      model.forward(sample.input);
      model.backward(sample.given);
      const { slots, skipped, wrong } = compareGradients(sample, model);
      compared.slots += slots;
      compared.skipped += skipped;
      expect(wrong).toEqual([]);
    }));

  it('was compared in nearly every slot', () => {
    expect(compared.slots).toBeGreaterThan(runs * 10);
    expect(compared.skipped / compared.slots).toBeLessThan(0.01);
  });

  it('adds up gradients, steps by its formula and starts anew', () => check(stepsByItsFormula));

  it('copies its input and hands out the same views', () => check(keepsItsBuffers));

  it('starts from the same numbers for the same seed', () =>
    check(({ createModel, network }) => {
      const [a, b, c] = [createModel(), createModel(), createModel(randomNumbers(network.parameterCount, 3))];
      for (const model of [a, c]) model.initialize(7);
      b.initialize(8);
      expect(c.parameters).toEqual(a.parameters);
      if (network.parameters.some(({ name }) => name.endsWith('kernel')))
        expect(b.parameters).not.toEqual(a.parameters);
    }));

  it('refuses wrong lengths and names the right one', () => check(refusesWrongLengths));

  it('without training gives the very same output', () =>
    check(async ({ createModel }, { parameters, input }, spec) => {
      const inference = (await load(spec, { inference: true, form: 'unrolled' })).createModel(parameters);
      expect(inference.forward(input)).toEqual(createModel(parameters).forward(input));
      expect(Object.keys(inference).sort()).toEqual(['forward', 'output', 'parameters']);
    }));
});

function stepsByItsFormula({ createModel }: AnyModule, { parameters, input, given }: Sample): void {
  const model = createModel(parameters);
  model.forward(input);
  model.backward(given);
  const once = model.gradients.slice();
  const inputGradient = model.inputGradient.slice();
  model.backward(given);
  expect(model.gradients).toEqual(once.map((g) => g + g));
  expect(model.inputGradient).toEqual(inputGradient);
  const expected = model.parameters.map((w, n) => w - 0.3 * model.gradients[n]!);
  model.step(0.3);
  expect(model.parameters).toEqual(expected);
  expect(model.gradients.every((g) => g === 0)).toBe(true);
  model.parameters.set(parameters);
  model.forward(input);
  model.backward(given);
  expect(model.gradients).toEqual(once);
}

function keepsItsBuffers({ createModel }: AnyModule, { parameters, input, given }: Sample): void {
  const model = createModel(parameters);
  const own = Float64Array.from(input);
  const output = model.forward(own);
  const values = output.slice();
  model.backward(given);
  const gradients = model.gradients.slice();
  model.step(0);
  own.fill(5);
  model.backward(given);
  expect(model.gradients).toEqual(gradients);
  expect(model.output).toBe(output);
  expect(model.forward(own)).toBe(output);
  expect(model.forward(input)).toEqual(values);
  expect(createModel(parameters).output).not.toBe(output);
}

function refusesWrongLengths({ createModel }: AnyModule, { parameters, input, given }: Sample): void {
  const model = createModel(parameters);
  const wrong = ({ length }: { length: number }): [number[], RegExp][] =>
    [length - 1, length + 1].filter((n) => n >= 0).map((n) => [Array(n).fill(0), new RegExp(`expected ${length}\\b`)]);
  const calls = [
    [parameters, (numbers: number[]) => createModel(numbers)],
    [input, (numbers: number[]) => model.forward(numbers)],
    [given, (numbers: number[]) => model.backward(numbers)],
  ] as const;
  for (const [right, call] of calls) {
    for (const [numbers, message] of wrong(right)) {
      expect(() => call(numbers)).toThrow(RangeError);
      expect(() => call(numbers)).toThrow(message);
    }
  }
}
