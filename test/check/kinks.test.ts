import { expect, it, test } from 'vitest';
import { checkSubject, printCheck, subjectOf } from '../../generator/check/index.ts';
import { check, wrongRows } from './subjects.ts';

const noPaint = (_: string, text: string) => text;

/** Checks a network of one input at one point, where ∂L/∂output is 1. */
function checkAt(spec: object, input: readonly number[], parameters: readonly number[] = []) {
  const subject = subjectOf({ name: 'kink', input: [input.length], ...spec });
  const draw = () => ({
    input: Float64Array.from(input),
    parameters: Float64Array.from(parameters),
    given: new Float64Array(1).fill(1),
  });
  return checkSubject(subject, { seed: 1, samples: 1, draw });
}

const relu = { layers: [{ type: 'activation', activation: 'relu' }] };

test('a slot at a kink is left out and reported, and so is a direction over it', () => {
  const result = checkAt(relu, [0]);
  expect(result.passed).toBe(true);
  expect(result.kinks).toEqual([{ sample: 1, variable: 'input', index: [0], layer: 'activation1' }]);
  const row = result.forms[0]!.tensors.find(({ name }) => name === 'input')!;
  expect(row.differences).toBeUndefined();
  expect(row.adjoint).toBeUndefined();
  expect(row.notes).toEqual(['all 0 in these samples', 'not compared']);
  const text = printCheck(result, noPaint);
  expect(text).toContain('where there is no derivative: 1 slot\n  input[0] in sample 1: activation1 bends there\n');
});

test.each([
  [1e-5, 'the step is shortened and stays clear of it'],
  [1e-3, 'the step does not reach it'],
])('%d beside a kink, %s', (at) => {
  const { kinks, passed, forms } = checkAt(relu, [at]);
  expect({ kinks, passed }).toEqual({ kinks: [], passed: true });
  expect(forms[0]!.tensors.find(({ name }) => name === 'input')!.differences!.slots).toBe(1);
});

it('is found in the layer that makes it, among smooth ones', () => {
  const layers = [
    { type: 'dense', units: 4, activation: 'tanh', name: 'smooth' },
    { type: 'reshape', shape: [2, 2, 1] },
    { type: 'maxPooling2d', name: 'pool' },
    { type: 'flatten' },
    { type: 'dense', units: 1, activation: 'sigmoid', name: 'after' },
  ];
  // Two units of `smooth` have the same weights and biases, and win.
  const parameters = [0.5, 0.1, 0.5, 0.2, 0, -1, 0, -1, 0.7, 0.3];
  const { kinks, passed } = checkAt({ layers }, [1], parameters);
  expect(passed).toBe(true);
  expect(kinks.map(({ variable, index, layer }) => [variable, index, layer])).toEqual([
    ['smooth/kernel', [0, 0], 'pool'],
    ['smooth/kernel', [0, 2], 'pool'],
    ['smooth/bias', [0], 'pool'],
    ['smooth/bias', [2], 'pool'],
  ]);
});

it("is no kink but a convention where ties are given to 'all'", () => {
  const layers = (ties: string) => [
    { type: 'conv2d', filters: 1, kernelSize: 1, name: 'first' },
    { type: 'upSampling2d' },
    { type: 'maxPooling2d', ties },
  ];
  const spec = { name: 'ties', input: [2, 2, 1] };
  const all = check(subjectOf({ ...spec, layers: layers('all') }));
  expect(wrongRows(all)).toEqual([]);
  expect(all.tied).toEqual([1, 2].map((sample) => ({ sample, layers: ['maxPooling2d1'] })));
  expect(all.forms[0]!.tensors.map(({ notes }) => notes)).toEqual([
    [],
    ['not compared'],
    ['not compared'],
    ['not compared'],
  ]);
  expect(printCheck(all, noPaint)).toContain('all gradients of sample 1. maxPooling2d1 sees equal values');

  const first = check(subjectOf({ ...spec, layers: layers('first') }));
  expect(first).toMatchObject({ passed: true, tied: [] });
  expect(first.forms[0]!.tensors.flatMap(({ notes }) => notes)).toEqual([]);
});

test('Differences that agree by chance, where rounding hides the slope, say nothing', () => {
  const layers = [{ type: 'dense', units: 1, activation: 'sigmoid' }];
  const subject = subjectOf({
    name: 'nearlyOne',
    input: [1],
    layers,
    loss: { type: 'binaryCrossentropy', fromProbabilities: true },
  });
  const forms = subject.forms.filter(({ form }) => form === 'fast');
  for (let n = 0; n < 20; n++) {
    // 1 − p, of which the loss takes the logarithm, is 2e-7, of which p has nine digits.
    const draw = () => ({
      input: Float64Array.of(1),
      parameters: Float64Array.of(14, 1 + n / 32),
      given: Float64Array.of(0.5),
    });
    const result = checkSubject({ ...subject, forms }, { seed: 1, samples: 1, draw });
    expect(wrongRows(result), `at ${15 + n / 32}`).toEqual([]);
  }
});
