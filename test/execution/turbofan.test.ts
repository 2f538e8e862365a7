import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { dump, generate } from '../../generator/index.ts';
import { policy } from '../../generator/schedule/policy.ts';
import { askV8, type Findings } from './askV8.ts';

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

/** Training steps enough for every loop and every call to be hot, or nearly so: the rest is asked for. */
const cases = [
  { name: 'article', form: 'unrolled', spec: article, passes: 4000 },
  { name: 'digits', form: 'unrolled', spec: digits, passes: 4000 },
  { name: 'digits', form: 'fast', spec: digits, passes: 2000 },
  { name: 'n3', form: 'fast', spec: n3, passes: 200 },
  { name: 'residual', form: 'fast', spec: residual, passes: 1000 },
] as const;

type Case = (typeof cases)[number];

const findings = new Map<Case, Findings>();

beforeAll(async () => {
  await Promise.all(
    cases.map(async (one) => {
      const text = generate(one.spec, { form: one.form })[0]!.content;
      findings.set(one, await askV8(text, one.passes));
    }),
  );
}, 120_000);

describe.each(cases)('the functions of $name in the form $form', (one) => {
  it('are all compiled by TurboFan', () => {
    const { names, slow } = findings.get(one)!;
    expect(names).toEqual(expect.arrayContaining(['run', 'forward', 'backward', 'trainBatch', 'step']));
    expect(names.filter((name) => /^(forward|backward)(_|Pass)/.test(name)).length).toBeGreaterThan(1);
    expect(slow).toEqual([]);
  });

  it('are below the limit of V8', () => {
    const { names, bytecode } = findings.get(one)!;
    expect([...bytecode.keys()].sort()).toEqual([...names].sort());
    expect(Math.max(...bytecode.values())).toBeLessThan(policy.bytecodeLimit);
  });
});

/** Estimated bytes of bytecode by function, of those that hold the network's arithmetic. */
function estimates(spec: unknown): Map<string, number> {
  const plan = dump(spec, 'plan', { form: 'unrolled' });
  return new Map([...plan.matchAll(/^(\w+): .* about (\d+) bytes/gm)].map(([, f, bytes]) => [f!, Number(bytes)]));
}

describe.each(cases.filter(({ form }) => form === 'unrolled'))('the estimates for $name', (one) => {
  it('are from above, the largest by at most three times', () => {
    const { bytecode } = findings.get(one)!;
    const estimated = estimates(one.spec);
    const real = [...estimated.keys()].map((name) => bytecode.get(name)!);
    expect(estimated.size).toBeGreaterThan(1);
    const tooSmall = [...estimated].filter(([name, bytes]) => !(bytes >= bytecode.get(name)!));
    expect(tooSmall).toEqual([]);
    expect(Math.max(...estimated.values())).toBeLessThanOrEqual(3 * Math.max(...real));
  });
});

it('A function above the limit is found, and is not compiled by TurboFan', async () => {
  const products = Array.from({ length: 4000 }, (_, n) => `    x[${n % 8}] += x[${(n + 1) % 8}] * x[${(n + 3) % 8}];`);
  const text = generate(article, { form: 'unrolled' })[0]!.content.replace(
    /^ {2}function step\(.*\{$/m,
    ['  function large(): void {', ...products, '  }', '', '$&'].join('\n'),
  );
  const { slow, bytecode } = await askV8(text, 100);
  expect(bytecode.get('large')).toBeGreaterThan(policy.bytecodeLimit);
  expect(slow.map(([name]) => name)).toEqual(['large']);
}, 60_000);
