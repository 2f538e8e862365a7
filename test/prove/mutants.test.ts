import { describe, expect, test } from 'vitest';
import { stages } from '../../generator/pipeline.ts';
import { proveText } from '../../generator/prove/index.ts';
import { example, proveMutant, textOf } from './subjects.ts';

const network = (layers: readonly object[], input: readonly number[], rest: object = {}) => ({
  name: 'mutant',
  input,
  layers,
  ...rest,
});

const specs = {
  article: example('article'),
  activations: network(
    [
      { type: 'dense', units: 1, activation: 'selu' },
      { type: 'activation', activation: 'hardSigmoid' },
      { type: 'activation', activation: 'softplus' },
    ],
    [2],
  ),
  relu6: network([{ type: 'activation', activation: 'relu6' }], [2]),
  leaky: network([{ type: 'dense', units: 1, activation: 'leakyRelu' }], [2]),
  relu: network([{ type: 'dense', units: 1, activation: 'relu' }], [2]),
  gelu: network([{ type: 'activation', activation: 'gelu' }], [2]),
  first: network([{ type: 'maxPooling2d', poolSize: 2, strides: 1 }], [2, 3, 1]),
  all: network([{ type: 'maxPooling2d', poolSize: 2, strides: 1, ties: 'all' }], [2, 3, 1]),
  normalized: network([{ type: 'batchNormalization' }], [2], { loss: 'meanSquaredError' }),
  softmax: network([{ type: 'dense', units: 2, activation: 'softmax' }], [2], { loss: 'categoricalCrossentropy' }),
  momentum: network([{ type: 'dense', units: 2 }], [2], { optimizer: { type: 'momentum' } }),
  adam: network([{ type: 'dense', units: 2 }], [2], { optimizer: { type: 'adam' } }),
} as const;

type Mutant = readonly [spec: keyof typeof specs, from: string, to: string, message?: string];

const mutants: readonly Mutant[] = [
  // Indices, signs, factors and terms of the backward pass
  [
    'article',
    'dW1_0_0 = dz1_0_0 * x_1_1',
    'dW1_0_0 = dz1_0_0 * x_1_2',
    '`dz1_0_0 * x_1_2` should be `dz1_0_0 * x_1_1`',
  ],
  ['article', 'dz2_0_1 * W2_1_1;', 'dz2_0_1 * W2_0_1;', '`dz2_0_1 * W2_0_1` should be `dz2_0_1 * W2_1_1`'],
  ['article', 'dz2_0_0 * W2_1_0 + dz2_0_1 * W2_1_1', 'dz2_0_0 * W2_1_0', '`dz2_0_1 * W2_1_1` is missing'],
  ['article', '+ dz2_0_1 * W2_1_1', '- dz2_0_1 * W2_1_1', '`- dz2_0_1 * W2_1_1` should be `+ dz2_0_1 * W2_1_1`'],
  [
    'article',
    'da1_0_0 = dz2_0_0 * W2_1_1',
    'da1_0_0 = dz2_0_0 * W2_1_1 + dz2_0_0 * W2_1_0',
    '`+ dz2_0_0 * W2_1_0` should not be there',
  ],
  ['article', 'da3 = a3 - t', 'da3 = t - a3', '`t - a3` should be `a3 - t`'],
  ['article', 'da3 * (1 - a3 * a3)', 'da3 * (1 - a3)', '`da3 * (1 - a3)` should be `da3 * (1 - a3 * a3)`'],
  ['article', 'da3 * (1 - a3 * a3)', 'da3 * (2 - a3 * a3)', '`da3 * (2 - a3 * a3)` should be `da3 * (1 - a3 * a3)`'],
  ['article', '(1 + z2_0_1 * z2_0_1)', '(1 - z2_0_1 * z2_0_1)', '`- z2_0_1 * z2_0_1` should be `+ z2_0_1 * z2_0_1`'],
  [
    'article',
    'da2_0_0 / (1 +',
    'da2_0_0 * (1 +',
    '`da2_0_0 * (1 + z2_0_0 * z2_0_0)` should be `da2_0_0 / (1 + z2_0_0 * z2_0_0)`',
  ],
  ['article', 'dW3_0 = dz3 * a2_0_0', 'dW3_0 = dz3 * a2_0_1', '`dz3 * a2_0_1` should be `dz3 * a2_0_0`'],
  ['article', 'dW3_0 = dz3 * a2_0_0', 'dW3_0 = dz3 * a2_0_0 + 1e-12'],
  ['article', 'dx[0] = dx_0_0', 'dx[0] += dx_0_0', 'the gradient of the input x[0,0,0] is not the derivative'],
  ['article', 'dx[1] = dx_0_1', 'dx[1] = dx_0_0', 'should be `dx_0_1`'],
  // The forward pass and the loss
  [
    'article',
    'W1_0_1 * x_1_1 + W1_0_0 * x_1_2',
    'W1_0_1 * x_1_1 + W1_0_0 * x_1_1',
    '`W1_0_0 * x_1_1` should be `W1_0_0 * x_1_2`',
  ],
  ['article', 'Math.atan(z2_0_0)', 'Math.tanh(z2_0_0)', '`Math.tanh(z2_0_0)` should be `Math.atan(z2_0_0)`'],
  ['article', 'a1_0_1 = tanh(z1_0_1)', 'a1_0_1 = Math.atan(z1_0_1)', '`Math.atan(z1_0_1)` should be `tanh(z1_0_1)`'],
  ['article', '0.5 * ((a3', '0.25 * ((a3', 'should be `0.5 * ((a3 - t) * (a3 - t))`'],
  ['article', 'a1[0] = a1_0_0;', 'a1[0] = a1_0_1;'],
  // Buffers
  [
    'article',
    'dW1[0] += dW1_0_0',
    'dW1[0] = dW1_0_0',
    'backward sets the gradient of conv2d1/kernel[0,0,0,0], where it should add to it',
  ],
  ['article', 'dW1[0] += dW1_0_0;', 'dW1[0] += dW1_0_0; dW1[0] += dW1_0_0;'],
  ['article', 'dW3[0] += dW3_0;', 'dW3[1] += dW3_0;'],
  ['article', 'dW3[0] += dW3_0;', 'dW3[0] += dW3_0; W3[0] += 1;', 'backward changes the parameter dense1/kernel[0,0]'],
  ['article', 'x_0_0 = x[0]', 'x_0_0 = x[1]'],
  ['article', 'a3Array[0] = a3;', 'a3Array[0] += a3;'],
  ['article', 'parameters.subarray(4, 8)', 'parameters.subarray(3, 7)'],
  // Literals: one unit in the last place is another fraction
  ['leaky', '0.2 * z1', '0.20000000000000004 * z1'],
  ['activations', '1.6732632423543772 * Math.expm1', '1.6732632423543774 * Math.expm1'],
  ['activations', '(a1 + 3) / 6', '(a1 + 3.0000000000000004) / 6'],
  // Functions that the module brings with it: what is not longhand's own, word for word, is not taken for them
  [
    'article',
    'u * 0.05396825396825397',
    'u * 0.05396825396825398',
    'found another `tanh` than longhand writes; expected that, word for word',
  ],
  ['article', 'x * x > 400', 'x * x > 361', 'found another `tanh`'],
  ['article', 'rest = t - sum + rise', 'rest = 0', 'found another `tanh`'],
  ['article', 'const gradients:', 'tanhTable[700] = 0; const gradients:', 'tanhTable is not defined'],
  [
    'article',
    'const gradients:',
    'const tanh = Math.atan; const gradients:',
    'output[0] is not what the reference computes',
  ],
  // Kinks and regions
  ['relu6', 'x_0 > 6 ? 6', 'x_0 > 5 ? 6', 'compared with a constant that the reference does not compare it with'],
  ['activations', 'a1 >= 3 ? 1', 'a1 >= 3.0000001 ? 1', 'does not compare it with'],
  ['relu6', '(x_0 < 6 ? da1_0', '(x_0 <= 6 ? da1_0', 'the gradient of the input x[0] is not the derivative'],
  ['activations', 'a1 > -3 ?', 'a1 >= -3 ?'],
  ['activations', 'da3 * (1 / (1 + Math.exp(-a2)))', 'da3 * (1 / (1 + Math.exp(a2)))'],
  ['relu', 'a1 > 0 ? da1 : 0', 'a1 >= 0 ? da1 : 0'],
  ['relu', 'Math.max(z1, 0)', 'Math.max(z1, 1)'],
  ['gelu', 'Math.exp((-0.5) * (x_0 * x_0))', 'Math.exp((-0.5) * x_0)'],
  ['gelu', 'a1_0 = x_0 * g1_0', 'a1_0 = x_1 * g1_0'],
  ['first', 'x_0_0 === y1_0 ? 0 : x_0_1 === y1_0 ? 1', 'x_0_1 === y1_0 ? 1 : x_0_0 === y1_0 ? 0'],
  ['first', 'dx_1_0 = k1_0 === 2', 'dx_1_0 = k1_0 === 3'],
  ['first', 'Math.max(x_0_0, x_0_1, x_1_0, x_1_1)', 'Math.max(x_0_0, x_0_1, x_1_0)'],
  ['all', 'dx_1_0 = x_1_0 === y1_0 ?', 'dx_1_0 = x_1_0 === y1_0 && x_0_0 !== y1_0 ?'],
  // Softmax and frozen statistics
  ['softmax', 'dl1 * a1_0 - t_0', 'a1_0 - t_0', '`dz1_0` is not ∂L/∂z1_0'],
  ['softmax', 'Math.exp(z1_0 - m1);', 'Math.exp(z1_0);'],
  ['normalized', 'v1_0 + 0.001', 'v1_0 + 0.01'],
  ['normalized', 'dγ1_0 = dy1_0 * x̂1_0', 'dγ1_0 = dy1_0 * x_0'],
  [
    'normalized',
    'dβ1[0] += dβ1_0;',
    'dβ1[0] += dβ1_0; gradients[4] += dβ1_0;',
    'the gradient of batchNormalization1/movingMean[0] is not the derivative',
  ],
  // Steps
  [
    'article',
    '-= rate * gradients[n]',
    '+= rate * gradients[n]',
    'step gives conv2d1/kernel[0,0,0,0] another value than its formula',
  ],
  ['article', 'gradients[n] = 0;', '', 'step leaves a gradient other than 0 for conv2d1/kernel[0,0,0,0]'],
  // What `loss` does is not done for `backward`
  ['normalized', 'runLoss(target, from);\n    backward_loss();', 'backward_loss();'],
  [
    'normalized',
    'runLoss(target, 0);\n    return LArray[0];',
    'runLoss(target, 0);\n    return 2 * LArray[0];',
    '`loss` gives another number than `backward` does',
  ],
  ['momentum', 'v[n] = v_1;', '', 'step gives dense1/kernel[0,0] another value than its formula'],
  ['momentum', '0.9 * v[n]', '0.99 * v[n]'],
  ['adam', '+ 1e-7);', '+ 1e-8);'],
  ['adam', 'rate * Math.sqrt(', 'rate * ('],
];

describe('a wrong module', () => {
  const cases = mutants.map(([name, from, to, message = '']) => ({ name, from, to, message }));
  test.each(cases)('$name with `$from` replaced by `$to` is not proved', ({ name, from, to, message }) => {
    const { proved, failures, arms } = proveMutant(specs[name], from, to);
    expect({ proved, untaken: arms.untaken.length }).not.toEqual({ proved: true, untaken: 0 });
    if (message !== '') expect(failures.map((failure) => failure.message).join('\n')).toContain(message);
  });

  test('is told apart from the right one in all these places', () => {
    expect(new Set(mutants.map(([name, from, to]) => `${name} ${from} ${to}`)).size).toBeGreaterThanOrEqual(30);
  });
});

describe('what is not wrong', () => {
  test.each(Object.keys(specs) as (keyof typeof specs)[])('%s is proved', (name) => {
    const { proved, failures } = proveText(textOf(specs[name]), stages.shape(stages.parse(specs[name])));
    expect({ proved, failures }).toEqual({ proved: true, failures: [] });
  });

  test.each<readonly [keyof typeof specs, string, string]>([
    ['article', 'da3 * (1 - a3 * a3)', '(1 + a3) * da3 * (1 - a3)'],
    ['article', '0.5 * ((a3 - t) * (a3 - t))', '(a3 - t) ** 2 / 2'],
    // Backward leaves its loss behind, and nothing that is followed leads there.
    ['normalized', 'runLoss(target, 0);\n    return LArray[0];', 'return LArray[0];'],
    ['softmax', 'e1_0 / S1', 'Math.exp(z1_0 - m1 - Math.log(S1))'],
  ])('%s with `%s` written as `%s` is proved still', (name, from, to) => {
    expect(proveMutant(specs[name], from, to).failures).toEqual([]);
  });

  test('An arm that no number leads to is listed', () => {
    const { proved, arms } = proveMutant(specs.article, 'da3 = a3 - t', 'da3 = a3 * a3 < 0 ? t : a3 - t');
    expect({ proved, untaken: arms.untaken }).toEqual({
      proved: true,
      untaken: [{ line: expect.any(Number), text: 'a3 * a3 < 0 is never true' }],
    });
  });

  test('A text that is no module fails, without an exception', () => {
    const { proved, failures } = proveMutant(specs.article, 'const da3 =', 'const dz3 = 1; const da3 =');
    expect({ proved, failures }).toEqual({
      proved: false,
      failures: [{ claim: 'gradient', message: "Identifier 'dz3' has already been declared" }],
    });
  });

  test('A text that exact arithmetic cannot follow fails with its line', () => {
    const { failures } = proveMutant(specs.article, 'da3 = a3 - t', 'da3 = Math.sign(a3 - t)');
    expect(failures[0]!.message).toMatch(/^article\.ts:\d+: found `Math\.sign`, which exact arithmetic/);
  });
});
