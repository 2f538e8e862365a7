import { expect, test } from 'vitest';
import { printProof, proveNetwork } from '../../generator/prove/index.ts';
import { example, proveMutant } from './subjects.ts';

test('A proof is printed claim by claim', () => {
  const spec = {
    name: 'small',
    input: [2],
    layers: [{ type: 'dense', units: 1, activation: 'relu' }],
    loss: 'squaredError',
  };
  expect(printProof(proveNetwork(spec, { form: 'unrolled' })).replace(/\d+ (?=(?:random )?points?\b)/g, 'N ')).toBe(
    `small: proved, 5 gradients at N random points and N points on kinks
  ✓ backward is the derivative of this very forward pass: of its loss
  ✓ forward and the loss are what the reference interpreter computes
  ✓ backward adds to gradients, and no pass changes a parameter
  ✓ step turns each parameter p into p − rate·g, and each gradient into 0
  ✓ the functions for many samples do what those for one do, one after the other
  ✓ where numbers tie or are 0, the gradient is the one that the spec defines
  ✓ the text that was run is the emitted one: all floats equal those of a plain run, bit for bit
  4 of 4 arms of branches were taken
`,
  );
});

test('Without a loss it is said of what backward is the derivative', () => {
  const spec = { name: 'small', input: [2], layers: [{ type: 'dense', units: 1, activation: 'gelu' }] };
  const text = printProof(proveNetwork(spec));
  expect(text).toContain('✓ backward is the derivative of this very forward pass: of Σ gradient·output');
  expect(text).toContain('✓ forward is what the reference interpreter computes');
  expect(text).toMatch(
    /normalCdf is longhand's own, word for word, and taken for the function of that name; its largest error is \d\.\de-1[56]/,
  );
});

test('A failure is printed with its line, and nothing is said of the other claims', () => {
  const proof = proveMutant(example('article'), 'dW1_0_0 = dz1_0_0 * x_1_1', 'dW1_0_0 = dz1_0_0 * x_1_2');
  expect(printProof(proof)).toMatch(
    /^article: NOT PROVED, .*\n {2}✗ the gradient of conv2d1\/kernel\[0,0,0,0\] is not the derivative: line \d+: `dz1_0_0 \* x_1_2` should be `dz1_0_0 \* x_1_1`\n {2}tanh is longhand's own.*\n$/,
  );
});

test('Arms that were never taken are listed', () => {
  const proof = proveMutant(example('article'), 'da3 = a3 - t', 'da3 = a3 * a3 < 0 ? t : a3 - t');
  expect(printProof(proof)).toMatch(
    /1 of 2 arms of branches were taken; nothing is shown of these:\n {4}line \d+: a3 \* a3 < 0 is never true\n/,
  );
});
