import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { dump, generate } from '../../generator/index.ts';
import { bytecodeOf, namesIn, slowFunctions } from './askV8.ts';

function specOf(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../${path}.net.json`, import.meta.url), 'utf8'));
}

const article = specOf('examples/article');
const digits = specOf('examples/digits');
const n3 = specOf('bench/networks/n3');

/** Strides, one kernel for each channel, a sum of two layers, an optimiser that keeps numbers. */
const residual = {
  name: 'residual',
  input: [17, 16, 3],
  layers: [
    { type: 'conv2d', filters: 8, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu', name: 'stem' },
    { type: 'depthwiseConv2d', kernelSize: 3, padding: 'same', activation: 'relu6' },
    { type: 'conv2d', filters: 8, kernelSize: 1, name: 'pointwise' },
    { type: 'add', inputs: ['stem', 'pointwise'] },
    { type: 'globalAveragePooling2d' },
    { type: 'dense', units: 5, activation: 'softmax' },
  ],
  loss: 'categoricalCrossentropy',
  optimizer: { type: 'adam' },
};

function textOf({ spec, form }: { readonly spec: unknown; readonly form: 'unrolled' | 'fast' }): string {
  return generate(spec, { form })[0]!.content;
}

/** Training steps enough for every loop and every call to be hot, or nearly so: the rest is asked for. */
const cases = [
  { name: 'article', form: 'unrolled', spec: article, passes: 4000 },
  { name: 'digits', form: 'unrolled', spec: digits, passes: 4000 },
  { name: 'digits', form: 'fast', spec: digits, passes: 2000 },
  { name: 'n3', form: 'fast', spec: n3, passes: 200 },
  { name: 'residual', form: 'fast', spec: residual, passes: 1000 },
] as const;

describe('All emitted functions are compiled by TurboFan', () => {
  /** All at once: a child waits most of its time for a compiler that runs beside it. */
  const slow = new Map<(typeof cases)[number], ReturnType<typeof slowFunctions>>();
  beforeAll(() => {
    for (const one of cases) slow.set(one, slowFunctions(textOf(one), one.passes));
  });

  it.each(cases)('those of $name in the form $form', async (one) => {
    const names = namesIn(textOf(one));
    expect(names).toEqual(expect.arrayContaining(['run', 'forward', 'backward', 'trainBatch', 'step']));
    expect(names.filter((name) => /^(forward|backward)(_|Pass)/.test(name)).length).toBeGreaterThan(1);
    expect(await slow.get(one)).toEqual([]);
  });

  it('but not one that has too much bytecode', async () => {
    const products = Array.from({ length: 2500 }, (_, n) => `x[${n % 8}] += x[${(n + 1) % 8}] * x[${(n + 3) % 8}];`);
    const large = `  function large(): void {\n${products.join('\n')}\n  }\n`;
    const text = textOf({ spec: article, form: 'unrolled' }).replace(/^ {2}function step\(/m, `${large}$&`);
    expect((await slowFunctions(text, 100)).map(([name]) => name)).toEqual(['large']);
  });
});

/** Estimated bytes of bytecode by function, of those that hold the network's arithmetic. */
function estimates(spec: unknown): Map<string, number> {
  const plan = dump(spec, 'plan', { form: 'unrolled' });
  return new Map([...plan.matchAll(/^(\w+): .* about (\d+) bytes/gm)].map(([, f, bytes]) => [f!, Number(bytes)]));
}

it.each([
  ['article', article],
  ['digits', digits],
])('The estimates for %s are from above, the largest by at most three times', async (_, spec) => {
  const bytecode = await bytecodeOf(textOf({ spec, form: 'unrolled' }));
  const estimated = estimates(spec);
  const real = [...estimated.keys()].map((name) => bytecode.get(name)!);
  expect(estimated.size).toBeGreaterThan(1);
  const tooSmall = [...estimated].filter(([name, bytes]) => !(bytes >= bytecode.get(name)!));
  expect(tooSmall).toEqual([]);
  expect(Math.max(...estimated.values())).toBeLessThanOrEqual(3 * Math.max(...real));
});
