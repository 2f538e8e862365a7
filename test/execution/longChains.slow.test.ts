import { ts } from 'ts-morph';
import { expect, test } from 'vitest';
import { generate } from '../../generator/index.ts';
import { forward, loss } from '../../generator/reference/interpreter.ts';
import { load, relativeError } from './load.ts';
import { sampleOf } from './sample.ts';

const softmax = {
  name: 'long',
  input: [3000],
  layers: [{ type: 'activation', activation: 'softmax' }],
  loss: 'categoricalCrossentropy',
};
const dense = { name: 'long', input: [17_000], layers: [{ type: 'dense', units: 1 }], loss: 'squaredError' };
const options = { form: 'unrolled' } as const;

/** The compiler walks up the chain from each of its operands; see the type-checking times beside `operandsInRun`. */
test.each([
  ['the sum and the maximum of a softmax', softmax],
  ['a sum of more runs than a run may have terms', dense],
])('%s are printed in runs', async (_, spec) => {
  const [file] = generate(spec, options);
  const { depth, operands } = extent(ts.createSourceFile('long.ts', file!.content, ts.ScriptTarget.ES2023));
  expect(depth).toBeLessThan(600);
  expect(operands).toBeLessThanOrEqual(128);

  const { network, parameters, input, given } = sampleOf(spec, 1);
  const model = (await load(spec, options)).createModel(parameters);
  expect(relativeError(model.forward(input), forward(network, parameters, input))).toBeLessThan(1e-12);
  expect(relativeError([model.backward(given)], [loss(network, parameters, input, given)])).toBeLessThan(1e-12);
});

/** How many levels a file has, and how many arguments its longest call. */
function extent(file: ts.SourceFile): { readonly depth: number; readonly operands: number } {
  let [depth, operands] = [0, 0];
  const pending: [ts.Node, number][] = [[file, 0]];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [node, level] = next;
    depth = Math.max(depth, level);
    if (ts.isCallExpression(node)) operands = Math.max(operands, node.arguments.length);
    ts.forEachChild(node, (child) => {
      pending.push([child, level + 1]);
    });
  }
  return { depth, operands };
}
