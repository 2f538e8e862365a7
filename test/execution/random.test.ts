import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { learningSlots } from '../../generator/check/behaviour.ts';
import { startSteps } from '../../generator/check/optimizers.ts';
import { variablesOf } from '../../generator/check/slots.ts';
import type { GenerateOptions, NetworkSpec } from '../../generator/index.ts';
import type { Form } from '../../generator/pipeline.ts';
import { forward, loss } from '../../generator/reference/interpreter.ts';
import { forms } from './forms.ts';
import { forRandomNetworks, isLong, loadOnce, runs, timeout } from './forRandomNetworks.ts';
import { compareGradients, hasTies } from './gradientsAgree.ts';
import { type AnyModel, type AnyModule, relativeError } from './load.ts';
import { randomNumbers } from './randomNumbers.ts';
import type { Sample } from './sample.ts';
import { steepestOf } from './steepest.ts';

const [firstForm, ...otherForms] = forms;

describe.each(forms)('the %s module of any network', { timeout }, (form) => {
  const check = (property: (module: AnyModule, sample: Sample) => void | Promise<void>) =>
    forRandomNetworks(async (spec, sample) => property(await loadOnce(spec, { inputGradient: true, form }), sample));

  it('gives the output and the loss of the reference to 1e-12', () =>
    check(({ createModel }, sample) => {
      const { network, parameters, input, given } = sample;
      const model = createModel(parameters);
      expect(relativeError(model.forward(input), forward(network, parameters, input), 1e-3)).toBeLessThan(1e-12);
      const found = model.backward(given);
      if (network.loss === undefined) expect(found).toBeUndefined();
      else expect(relativeError([found], [loss(network, parameters, input, given)])).toBeLessThan(1e-12);
    }));

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

  it('gives the very same numbers when less is asked for', () =>
    forRandomNetworks(async (spec, sample) => {
      const full = await run(spec, form, sample);
      const withoutInput = await run(spec, form, sample, {});
      expect(withoutInput.output).toEqual(full.output);
      expect(withoutInput.gradients).toEqual(full.gradients);
      expect(withoutInput).not.toHaveProperty('inputGradient');
      const inference = (await loadOnce(spec, { inference: true, form })).createModel(sample.parameters);
      expect(inference.forward(sample.input)).toEqual(full.output);
      expect(Object.keys(inference).sort()).toEqual(['forward', 'output', 'parameters']);
    }));
});

describe(`the gradients of any network in the form ${firstForm}`, { timeout }, () => {
  const compared = { slots: 0, skipped: 0 };
  afterAll(() => {
    if (isLong) console.log(`compared ${compared.slots} gradients, skipped ${compared.skipped} at kinks`);
  });

  it('are those that differences of the reference show', () =>
    forRandomNetworks(async (spec, sample) => {
      fc.pre(!hasTies(sample));
      const { slots, skipped, wrong } = compareGradients(sample, await run(spec, firstForm, sample));
      compared.slots += slots;
      compared.skipped += skipped;
      expect(wrong).toEqual([]);
    }));

  it('were compared in nearly every slot', () => {
    expect(compared.slots).toBeGreaterThan(runs * 10);
    expect(compared.skipped / compared.slots).toBeLessThan(0.01);
  });
});

describe.each(otherForms)('the numbers of any network in the form %s', { timeout }, (form) => {
  it(`are those of the form ${firstForm} to 1e-12`, () =>
    forRandomNetworks(async (spec, sample) => {
      const [found, expected] = await Promise.all([form, firstForm].map((one) => run(spec, one, sample)));
      expect(relativeError(found!.output, expected!.output, 1e-3), 'output').toBeLessThan(1e-12);
      for (const buffer of ['gradients', 'inputGradient'] as const)
        expect(relativeError(found![buffer], expected![buffer], leastGradient(sample)), buffer).toBeLessThan(1e-12);
    }));
});

/**
 * A gradient that is 0 but for rounding has no size of its own; 1e-12 of this are some fifty units in the last place of the
 * largest term that the loss hands back.
 */
function leastGradient(sample: Sample): number {
  return Math.max(1e-3, 1e-2 * steepestOf(sample));
}

/** A model of the spec after one forward and one backward pass. */
async function run(
  spec: NetworkSpec,
  form: Form,
  { parameters, input, given }: Sample,
  options: GenerateOptions = { inputGradient: true },
): Promise<AnyModel> {
  const model = (await loadOnce(spec, { ...options, form })).createModel(parameters);
  model.forward(input);
  model.backward(given);
  return model;
}

function stepsByItsFormula({ createModel }: AnyModule, sample: Sample): void {
  const { network, parameters, input, given } = sample;
  const model = createModel(parameters);
  model.forward(input);
  model.backward(given);
  const once = model.gradients.slice();
  const inputGradient = model.inputGradient.slice();
  model.backward(given);
  // To 1e-12, as a loop may add its terms to what is there one by one.
  expect(
    relativeError(
      model.gradients,
      once.map((g) => g + g),
      leastGradient(sample),
    ),
  ).toBeLessThan(1e-12);
  expect(model.inputGradient).toEqual(inputGradient);
  const expected = Float64Array.from(parameters);
  const learning = learningSlots(variablesOf(network));
  const moved = Float64Array.from(learning, (slot) => expected[slot]!);
  const gradients = learning.map((slot) => model.gradients[slot]!);
  startSteps(network.optimizer, learning.length)(moved, gradients, 0.3);
  for (const [n, slot] of learning.entries()) expected[slot] = moved[n]!;
  model.step(0.3);
  expect(relativeError(model.parameters, expected, 1e-3)).toBeLessThan(1e-12);
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
