import { expect, test } from 'vitest';
import { parseSpec } from '../../generator/spec/parse.ts';
import { formatProblem } from '../../generator/spec/problem.ts';

const good = {
  name: 'named',
  input: { left: [2], right: [2] },
  layers: [
    { type: 'add', name: 'sum', inputs: ['left', 'right'] },
    { type: 'dense', name: 'out', units: 2 },
  ],
  outputs: { sum: {}, out: { loss: 'squaredError' } },
};

const problemsOf = (changes: object): readonly string[] => {
  const result = parseSpec({ ...good, ...changes });
  return result.ok ? [] : result.problems.map((problem) => formatProblem(problem));
};

test('Inputs and outputs may have names', () => {
  expect(problemsOf({})).toEqual([]);
});

test.each([
  [{ input: {} }, 'input: found no input; expected a shape, or the shapes of inputs by their names'],
  [
    { input: { left: [2], right: [0] } },
    'input.right: found [0]; expected [height, width, channels], [n, channels] or [n] of positive integers',
  ],
  [
    { input: { left: [2], right: [2], '2nd': [2] } },
    'input["2nd"]: found "2nd"; expected a name: a letter, then at most 63 letters, digits, _ or -',
  ],
  [
    { input: { left: [2], right: [2], input: [1] } },
    'input.input: found "input"; expected another name: \'input\' is the input that has no name',
  ],
  [
    { layers: [{ type: 'flatten', name: 'sum' }, good.layers[1]] },
    'layers[0].inputs: found nothing; expected the inputs that the first layer reads: left, right',
  ],
  [
    { layers: [{ ...good.layers[0], inputs: ['left', 'rigth'] }, good.layers[1]] },
    'layers[0].inputs[1]: found "rigth"; expected an earlier layer (left, right); did you mean "right"?',
  ],
  [
    { layers: [...good.layers, { type: 'flatten', name: 'left' }] },
    'layers[2].name: found "left", which is the name of an input; expected a name that no input has',
  ],
  [
    { outputs: {} },
    'outputs: found no output; expected an object of names of layers, each with { } or { "loss": …, "weight": … }',
  ],
  [
    { outputs: ['out'] },
    'outputs: found ["out"]; expected an object of names of layers, each with { } or { "loss": …, "weight": … }',
  ],
  [
    { outputs: { summ: {} } },
    'outputs.summ: found "summ"; expected the name of a layer (sum, out); did you mean "sum"?',
  ],
  [
    { outputs: { out: 'squaredError' } },
    'outputs.out: found "squaredError"; expected { } or { "loss": …, "weight": … }',
  ],
  [{ outputs: { out: { loss: 'squaredEror' } } }, 'outputs.out.loss: found "squaredEror"'],
  [
    { outputs: { out: { weight: 2 } } },
    'outputs.out.weight: found 2 without a loss; expected a loss beside it, which it is the factor of',
  ],
  [{ outputs: { out: { loss: 'squaredError', weight: 0 } } }, 'outputs.out.weight: found 0; expected a number above 0'],
  [
    { outputs: { out: { loss: 'categoricalCrossentropy' } } },
    'outputs.out.loss: found "categoricalCrossentropy" after a last activation "linear"',
  ],
  [{ loss: 'squaredError' }, 'loss: found "squaredError" beside outputs; expected the loss of each output in outputs'],
])('%j is refused with the place and what would be right', (changes, problem) => {
  const problems = problemsOf(changes);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(problem);
});
