import { describe, expect, test } from 'vitest';
import { generate } from '../../generator/index.ts';
import { load } from '../execution/load.ts';

/** The forms in float64; float32 ends at 2^128. */
const forms = ['unrolled', 'fast'] as const;

const x = 0.3;
const range = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const network = (layers: readonly object[]) => ({ name: 'deep', input: [1], layers });
const layer = (activation: string, more: object = {}) => ({ type: 'activation', activation, ...more });

/** y = f(f(… f(x))) */
const chain = (depth: number) => network(range(depth).map(() => layer('softsign')));

/** y = Σ f(x), each term a layer of its own */
function branches(count: number) {
  const names = range(count).map((n) => `branch${n}`);
  const terms = names.map((name) => layer('softsign', { name, inputs: ['input'] }));
  return network([...terms, { type: 'add', inputs: names }]);
}

/** y = 2ⁿ·x: every layer reads the one before it twice */
function doublings(depth: number) {
  const source = (n: number): string => (n === 0 ? 'input' : `twice${n - 1}`);
  return network(range(depth).map((n) => ({ type: 'add', name: `twice${n}`, inputs: [source(n), source(n)] })));
}

/** The same of two layers that share their input, which meet again */
function diamonds(depth: number) {
  const source = (n: number): string => (n === 0 ? 'input' : `meet${n - 1}`);
  const diamond = (n: number): object[] => [
    layer('linear', { name: `left${n}`, inputs: [source(n)] }),
    layer('relu', { name: `right${n}`, inputs: [source(n)] }),
    { type: 'add', name: `meet${n}`, inputs: [`left${n}`, `right${n}`] },
  ];
  return network(range(depth).flatMap(diamond));
}

async function valueAndSlope(spec: object, form: (typeof forms)[number]): Promise<readonly [number, number]> {
  const model = (await load(spec, { form, inputGradient: true })).createModel();
  const [value] = model.forward([x]);
  model.backward([1]);
  return [value!, model.inputGradient[0]!];
}

describe.each(forms)('in the form %s', { timeout: 60_000 }, (form) => {
  test('a chain of 1,000 layers computes the function a thousand times', async () => {
    // f(x) = x/(1 + |x|), a thousand times: x/(1 + 1000x); its slope 1/(1 + 1000x)²
    const [value, slope] = await valueAndSlope(chain(1000), form);
    expect(value).toBeCloseTo(x / (1 + 1000 * x), 14);
    expect(slope).toBeCloseTo(1 / (1 + 1000 * x) ** 2, 14);
  });

  test('1,000 branches into one sum add up', async () => {
    const [value, slope] = await valueAndSlope(branches(1000), form);
    expect(value).toBeCloseTo((1000 * x) / (1 + x), 9);
    expect(slope).toBeCloseTo(1000 / (1 + x) ** 2, 9);
  });

  test.each([
    ['layers that read one value twice', doublings],
    ['diamonds', diamonds],
  ])('a module of 500 %s grows with their number, not with their paths', async (_, spec) => {
    expect(await valueAndSlope(spec(500), form)).toEqual([x * 2 ** 500, 2 ** 500]);
    const [short, long] = [250, 500].map((depth) => generate(spec(depth), { form })[0]!.content.length);
    expect(long).toBeLessThan(2.2 * short!);
  });

  test('5,000 layers are written', () => {
    expect(generate(chain(5000), { form })[0]!.content).toContain('activation5000');
  });
});
