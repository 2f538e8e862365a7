import { describe, expect, it, test } from 'vitest';
import { availableForms } from '../../generator/check/forms.ts';
import { checkSubject, type Subject, subjectOf } from '../../generator/check/index.ts';
import { broken, check, example, unrolled, wrongRows } from './subjects.ts';

/** A layer that merges, one that averages, and a frozen statistic; its output's gradient is given. */
const merging = subjectOf({
  name: 'merging',
  input: [3, 3, 2],
  layers: [
    { type: 'batchNormalization' },
    { type: 'conv2d', filters: 2, kernelSize: 3, padding: 'same', activation: 'tanh' },
    { type: 'add', inputs: ['conv2d1', 'batchNormalization1'] },
    { type: 'globalAveragePooling2d' },
  ],
});

describe('a right module', () => {
  test.each(['article', 'digits', 'notes'])('passes: examples/%s.net.json', (name) => {
    const result = check(example(name));
    expect(wrongRows(result)).toEqual([]);
    expect(result).toMatchObject({ name, passed: true, refused: [], tied: [] });
    expect(result.forms.map(({ form }) => form)).toEqual(availableForms());
    for (const { tensors } of result.forms) {
      expect(tensors.map((row) => row.name).slice(0, 2)).toEqual(['output', 'loss']);
      for (const { of, count, adjoint, differences } of tensors) {
        if (of === 'value') continue;
        expect(adjoint).toMatchObject({ directions: 2, kinks: 0 });
        expect(differences!.slots).toBeGreaterThanOrEqual(Math.min(count, 30));
      }
    }
  });

  it('passes without a loss, and a statistic needs no gradient', () => {
    const { passed, forms } = check(merging);
    expect(passed).toBe(true);
    const rows = new Map(forms[0]!.tensors.map((row) => [row.name, row]));
    expect(rows.get('loss')).toBeUndefined();
    expect(rows.get('output')!.adjoint).toMatchObject({ directions: 2 });
    expect(rows.get('batchNormalization1/gamma')!.differences).toMatchObject({ slots: 2 });
    expect(rows.get('batchNormalization1/movingVariance')).toMatchObject({
      passed: true,
      notes: ['frozen: 0 by definition'],
    });
  });

  it.each([
    [{ type: 'sgd' }, 'step: w −= rate·g'],
    [{ type: 'momentum' }, expect.stringMatching(/^step: v = /)],
    [{ type: 'momentum', momentum: 0.5, nesterov: true }, expect.stringMatching(/^step: v = /)],
    [{ type: 'adam' }, expect.stringMatching(/^step: w −= .*√v/)],
    [{ type: 'adam', beta1: 0, beta2: 0.999999, epsilon: 0.1 }, expect.anything()],
    [{ type: 'adamw' }, expect.stringMatching(/^step: w −= rate·λ·w, .*√v/)],
    [{ type: 'sgd', clipNorm: 0.5, weightDecay: 0.1 }, 'step: g·min(1, 0.5/‖g‖), then g + λ·w, then w −= rate·g'],
    [{ type: 'rmsprop' }, expect.stringMatching(/^step: w −= .*√\(v/)],
    [{ type: 'rmsprop', momentum: 0.9, centered: true, rho: 0.4 }, expect.anything()],
    [{ type: 'adagrad' }, expect.stringMatching(/^step: w −= .*√\(v/)],
  ])('passes with the optimizer %j', (optimizer, name) => {
    const layers = [{ type: 'batchNormalization' }, { type: 'dense', units: 2 }];
    const { passed, forms } = check(
      subjectOf({ name: 'optimized', input: [3], layers, loss: 'squaredError', optimizer }),
    );
    expect(passed).toBe(true);
    expect(forms[0]!.rules.find((rule) => rule.name.startsWith('step'))).toMatchObject({ name });
  });

  it('passes in float32, by its own tolerances', () => {
    const { passed, forms } = check(broken(unrolled(example('notes')), 'new Float64Array(', 'new Float32Array('));
    expect(passed).toBe(true);
    expect(forms[0]!.precision).toBe('float32');
    expect(forms[0]!.tensors[0]!.reference!.error).toBeGreaterThan(1e-9);
  });

  it('gives the same result for the same seed, and another for another', () => {
    const subject = example('article');
    const results = [1, 1, 2].map((seed) => checkSubject(subject, { seed, samples: 1 }));
    expect(results[1]).toEqual(results[0]);
    expect(results[2]!.forms).not.toEqual(results[0]!.forms);
  });
});

const article = unrolled(example('article'));

/** A fault put into the module of the article, and every row that must show it. */
const faults: readonly (readonly [what: string, from: string, to: string, rows: readonly string[]])[] = [
  [
    'a wrong output',
    'const a3 = tanh(z3)',
    'const a3 = 1.0001 * tanh(z3)',
    ['output', 'loss', '∂ conv2d1/kernel', '∂ conv2d2/kernel', '∂ dense1/kernel', '∂ input'],
  ],
  [
    'a wrong loss',
    'const L = 0.5 *',
    'const L = 0.51 *',
    ['loss', '∂ conv2d1/kernel', '∂ conv2d2/kernel', '∂ dense1/kernel', '∂ input'],
  ],
  [
    'a wrong term of a gradient',
    'const dW1_0_0 = dz1_0_0 * x_1_1',
    'const dW1_0_0 = dz1_0_0 * x_1_2',
    ['loss', '∂ conv2d1/kernel'],
  ],
  ['a wrong sign', 'const dW2_0_1 = dz2_0_0', 'const dW2_0_1 = -dz2_0_0', ['loss', '∂ conv2d2/kernel']],
  [
    'a wrong derivative',
    'const dz3 = da3 * (1 - a3 * a3)',
    'const dz3 = da3 * (1 - a3)',
    ['loss', '∂ conv2d1/kernel', '∂ conv2d2/kernel', '∂ dense1/kernel', '∂ input'],
  ],
  ['a gradient that is slightly off', 'dW3[0] += dW3_0;', 'dW3[0] += 1.000001 * dW3_0;', ['∂ dense1/kernel']],
  [
    'a gradient that is no number',
    'dW3[0] += dW3_0;',
    'dW3[0] += 0 / 0;',
    // Two modules that both give NaN agree; where a finite number is right, the row is marked.
    ['loss', '∂ dense1/kernel'],
  ],
  ['no gradient of the input at all', ' inputGradient: dx,', '', ['loss', '∂ input']],
  ['a gradient of the input that is left out', 'dx[0] = dx_0_0;', '', ['loss', '∂ input']],
  [
    'a gradient of the input that adds up',
    'dx[0] = dx_0_0;',
    'dx[0] += dx_0_0;',
    ['loss', '∂ input', 'backward adds to gradients'],
  ],
  [
    'gradients that replace others',
    'dW1[0] += dW1_0_0;',
    'dW1[0] = dW1_0_0;',
    ['backward adds to gradients', 'backwardBatch adds the sum'],
  ],
  [
    'a loss that clears the gradients',
    "expectLength('target', target.length, 1);\n    runLoss",
    "expectLength('target', target.length, 1);\n    gradients.fill(0);\n    runLoss",
    ['loss, clearGradients, initialize'],
  ],
  [
    'an initialize that leaves gradients',
    'parameters.fill(0);\n    gradients.fill(0);',
    'parameters.fill(0);',
    ['loss, clearGradients, initialize'],
  ],
  [
    'a batch that divides',
    'total += LArray[0];',
    'total += LArray[0]; gradients[0] /= 2;',
    ['backwardBatch adds the sum'],
  ],
  [
    'a backward that moves parameters',
    'dW1[0] += dW1_0_0;',
    'dW1[0] += dW1_0_0; W3[0] += 1e-9;',
    ['backward adds to gradients', 'backwardBatch adds the sum', 'loss, clearGradients, initialize'],
  ],
  [
    'a backward that moves the output',
    'dW1[0] += dW1_0_0;',
    'dW1[0] += dW1_0_0; a3Array[0] += 1e-9;',
    ['backward adds to gradients', 'loss, clearGradients, initialize'],
  ],
  ['a step uphill', 'parameters[n] -= rate', 'parameters[n] += rate', ['step: w −= rate·g']],
  ['a step that leaves gradients', 'gradients[n] = 0;', '', ['step: w −= rate·g']],
];

describe('a broken module', () => {
  test.each(faults)('%s is marked in the right rows', (_what, from, to, rows) => {
    const result = check(broken(article, from, to));
    expect(result.passed).toBe(false);
    expect(wrongRows(result)).toEqual(rows);
  });

  it('is marked with the rule that it breaks', () => {
    const { rules } = check(broken(article, 'dx[0] = dx_0_0;', 'dx[0] += dx_0_0; a3Array[0] = 0;')).forms[0]!;
    expect(rules[0]).toMatchObject({
      passed: false,
      notes: ['backward changes the output', 'a second backward gives another gradient of the input'],
    });
  });

  it.each([
    ['m.fill(0);', ''],
    ['v.fill(0);', ''],
    ['Math.sqrt(v_1) + 1e-7', 'Math.sqrt(v_1 + 1e-7)'],
    ['m[n] = m_1;', ''],
  ])('whose optimizer has a wrong state or formula is marked: %s → %s', (from, to) => {
    const layers = [{ type: 'dense', units: 2 }];
    const spec = { name: 'adam', input: [3], layers, loss: 'squaredError', optimizer: { type: 'adam' } };
    expect(wrongRows(check(broken(unrolled(subjectOf(spec)), from, to)))).toEqual([expect.stringMatching(/^step: /)]);
  });

  it('whose statistic learns is marked', () => {
    const result = check(broken(unrolled(merging), 'dγ1[0] +=', 'gradients[4] += 1e-30; dγ1[0] +='));
    expect(wrongRows(result)).toContain('∂ batchNormalization1/movingMean');
    expect(wrongRows(result)).not.toContain('∂ batchNormalization1/gamma');
  });

  it('is marked where only what users import is wrong', () => {
    const [form] = article.forms;
    const variants = form!.variants.map(({ name, text }) => ({ name, text: text.replaceAll(' tanh(z3)', ' z3') }));
    const result = check({ ...article, forms: [{ ...form!, variants }] });
    expect(wrongRows(result)).toEqual(['same numbers without --input-gradient', 'same numbers with --inference']);
    const losses = form!.variants.map(({ name, text }) => ({
      name,
      text: text.replace('const L = 0.5', 'const L = 1'),
    }));
    const other = check({ ...article, forms: [{ ...form!, variants: losses }] });
    expect(wrongRows(other)).toEqual(['same numbers without --input-gradient']);
  });

  it('is marked where two forms disagree by less than differences can see', () => {
    const [form] = article.forms;
    const other = broken(article, 'dW3[0] += dW3_0;', 'dW3[0] += (1 + 1e-11) * dW3_0;').forms[0]!;
    const result = check({ ...article, forms: [form!, { ...other, form: 'fast' }] });
    expect(wrongRows(result)).toEqual(['same numbers as unrolled']);
    expect(check({ ...article, forms: [form!, { ...form!, form: 'fast' }] }).passed).toBe(true);
    const absent = { ...form!, text: 'export const network' };
    const rest = check({ ...article, forms: [absent, { ...form!, form: 'fast' }, { ...other, form: 'wasm' }] });
    expect(wrongRows(rest)).toEqual(['same numbers as fast']);
  });

  it('shows in a slot that no difference looks at', () => {
    const result = checkSubject(broken(article, 'dW1[0] += dW1_0_0;', ''), { seed: 1, samples: 1, slotsPerSample: 4 });
    const row = result.forms[0]!.tensors.find(({ name }) => name === 'conv2d1/kernel')!;
    expect(row.differences!.slots).toBe(1);
    expect(row.differences!.error).toBeLessThan(1e-10);
    expect(row.adjoint!.error).toBeGreaterThan(1e-3);
    expect(row.passed).toBe(false);
  });
});

describe('a gradient that no sample shows', () => {
  const units = (count: number) =>
    Array.from({ length: count }, () => ({ type: 'dense', units: 1, activation: 'tanh' }));
  const notesOf = (layers: readonly object[]) => {
    const { forms } = check(subjectOf({ name: 'hidden', input: [1], layers, loss: 'squaredError' }));
    return forms[0]!.tensors.find(({ name }) => name === 'dense1/kernel')!.notes;
  };

  it('is said to be 0', () => {
    const layers = [...units(1), { type: 'dense', units: 1, inputs: ['input'] }];
    expect(notesOf(layers)).toEqual(['all 0 in these samples']);
  });

  it('is said to be too small', () => {
    expect(notesOf(units(100))).toEqual(['too small for differences to see']);
    expect(notesOf(units(3))).toEqual([]);
  });
});

describe('a module that cannot be compared', () => {
  const faultsOf = (subject: Subject) => check(subject).forms.map((form) => form.faults);

  it('says where it describes another network', () => {
    expect(
      faultsOf(
        broken(
          article,
          "'conv2d2/kernel', shape: [2, 2, 1, 1], offset: 4",
          "'conv2d2/kernel', shape: [2, 2, 1, 1], offset: 5",
        ),
      ),
    ).toEqual([[expect.stringMatching(/^network\.parameters: found .*"offset":5.*; expected .*"offset":4/)]]);
  });

  it('says in one line why it does not run', () => {
    expect(faultsOf(broken(article, 'const z3 =', 'const z3 = ='))).toEqual([
      ["the module does not run: SyntaxError: Unexpected token '='"],
    ]);
    expect(faultsOf(broken(article, 'forwardPass();', 'forwardPas();'))).toEqual([
      ['the module does not run: ReferenceError: forwardPas is not defined'],
    ]);
    expect(check(broken(article, 'const z3 =', 'const z3 = =')).passed).toBe(false);
  });
});
