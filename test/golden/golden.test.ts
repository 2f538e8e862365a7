import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generate } from '../../generator/index.ts';

// The exact files. After a change that is meant: `npx vitest run test/golden -u`, then read the diff.

const article = JSON.parse(readFileSync(new URL('../../examples/article.net.json', import.meta.url), 'utf8'));

/** A pool, a bias, a stable loss and ∂L/∂input, as few numbers as can be. */
const smallest = {
  name: 'smallest',
  input: [3, 3, 1],
  layers: [
    { type: 'conv2d', filters: 1, kernelSize: 2, activation: 'relu' },
    { type: 'maxPooling2d' },
    { type: 'flatten' },
    { type: 'dense', units: 2, activation: 'softmax' },
  ],
  loss: 'categoricalCrossentropy',
};

it.each([
  ['article', article, {}],
  ['smallest', smallest, { inputGradient: true }],
] as const)('%s is written exactly so', async (name, spec, options) => {
  await expect(generate(spec, options)[0]!.content).toMatchFileSnapshot(`${name}.ts`);
});

it('the smallest network for inference is written exactly so', async () => {
  await expect(generate(smallest, { inference: true })[0]!.content).toMatchFileSnapshot('smallest.inference.ts');
});
