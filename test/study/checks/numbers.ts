import { expect, it } from 'vitest';
import { stages } from '../../../generator/pipeline.ts';
import { finiteDifferences } from '../../../generator/reference/finiteDifferences.ts';
import { evaluate, loss } from '../../../generator/reference/interpreter.ts';
import { loadOnce } from '../../execution/forRandomNetworks.ts';
import { type Choice, exampleOf, type Opened, type Pages } from '../chromium.ts';

/** Evaluates products and sums as the page prints them, with an arithmetic of this test's own. */
export function calculate(text: string): number {
  const script = text
    .replaceAll('−', '-')
    .replaceAll('·', '*')
    .replace(/\(([^()]*)\)²/g, '(($1)**2)')
    .replace(/(-?[\d.e-]+)²/g, '(($1)**2)')
    .replace(/\b(tanh|atan)\(/g, 'Math.$1(');
  if (!/^[-+*/().,\d\se]*$/.test(script.replaceAll('Math.tanh', '').replaceAll('Math.atan', '')))
    throw new Error(`no formula: ${text}`);
  return Function(`'use strict'; return ${script};`)() as number;
}

/** Every number that the page has of article, notes or pool, from the reference. */
async function expectReference(opened: Opened, name: string, arrays: readonly Row[]): Promise<void> {
  const { spec } = exampleOf(name);
  const network = stages.parse(spec);
  const numbers = async (tensor: string): Promise<number[]> => opened.ask(`numbers('${tensor}')`);
  const parameters = (await Promise.all(parametersOf[name]!.map(numbers))).flat();
  const [input, target] = [await numbers('x'), await numbers('t')];
  const { outputs, preActivations } = evaluate(network, parameters, input);
  for (const [tensor, layer, kind] of arrays) {
    const expected = (kind === 'z' ? preActivations : outputs).get(layer)!.values;
    expectClose(await numbers(tensor), expected, 1e-12, tensor);
  }
  expectClose(await numbers('L'), [loss(network, parameters, input, target)], 1e-12, 'L');
  const { gradients, inputGradient } = finiteDifferences(network, parameters, input, target);
  const own = (await Promise.all(parametersOf[name]!.map((one) => numbers(`d${one}`)))).flat();
  expectClose(own, gradients.values, 1e-6, 'gradients');
  expectClose(await numbers('dx'), inputGradient.values, 1e-6, 'dx');
  // The differences are right to some seven digits; the module's gradients are proved elsewhere, to all.
  const model = (await loadOnce(spec as never, { form: 'unrolled', inputGradient: true })).createModel(parameters);
  model.forward(input);
  model.backward(target);
  expectClose(own, model.gradients, 1e-12, 'gradients');
  // What stands in the cells are these numbers, to three digits.
  for (const { name: tensor, offset, text } of await opened.ask<{ name: string; offset: number; text: string }[]>(
    'shown()',
  )) {
    const value = (await cached(opened, tensor))[offset]!;
    expect(Math.abs(calculate(text) - value), `${tensor} at ${offset}: ${text}`).toBeLessThanOrEqual(
      halfDigit(text) * Math.abs(value),
    );
  }
  forget();
}

/** What rounding to the digits that are shown may change: three, or two where a power of ten stands behind them. */
function halfDigit(text: string): number {
  return text.includes('e') ? 0.051 : 0.0051;
}

let remembered = new Map<string, Promise<number[]>>();
function cached(opened: Opened, tensor: string): Promise<number[]> {
  const found = remembered.get(tensor) ?? opened.ask<number[]>(`numbers('${tensor}')`);
  remembered.set(tensor, found);
  return found;
}
function forget(): void {
  remembered = new Map();
}

type Row = readonly [tensor: string, layer: string, kind: 'z' | 'a'];

const parametersOf: { readonly [name: string]: readonly string[] } = {
  article: ['W1', 'W2', 'W3'],
  notes: ['W1', 'b1', 'W2', 'b2', 'W3', 'b3'],
};

const rows: { readonly [name: string]: readonly Row[] } = {
  article: [
    ['z1', 'conv2d1', 'z'],
    ['a1', 'conv2d1', 'a'],
    ['z2', 'conv2d2', 'z'],
    ['a2', 'conv2d2', 'a'],
    ['z3', 'dense1', 'z'],
    ['a3', 'dense1', 'a'],
  ],
  notes: [
    ['z1', 'conv2d1', 'z'],
    ['a1', 'conv2d1', 'a'],
    ['y1', 'maxPooling2d1', 'a'],
    ['z2', 'dense1', 'z'],
    ['a2', 'dense1', 'a'],
    ['z3', 'dense2', 'z'],
    ['a3', 'dense2', 'a'],
  ],
};

export function expectClose(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  expect(found.length, what).toBe(expected.length);
  const size = Array.from(expected).reduce((most, one) => Math.max(most, Math.abs(one)), 1e-3);
  for (let n = 0; n < found.length; n++)
    expect(Math.abs(found[n]! - expected[n]!) / size, `${what} at ${n}`).toBeLessThan(tolerance);
}

export function checkNumbers(pages: Pages): void {
  it('the products of a chain add up to the gradient that is shown and to the emitted module’s', async () => {
    const opened = await pages.open('article');
    const { spec } = exampleOf('article');
    const numbers = async (name: string): Promise<number[]> => opened.ask(`numbers('${name}')`);
    const weights = (await Promise.all(['W1', 'W2', 'W3'].map(numbers))).flat();
    const model = (await loadOnce(spec as never, { form: 'unrolled', inputGradient: true })).createModel(weights);
    model.forward(await numbers('x'));
    model.backward(await numbers('t'));
    const names = ['W1', 'W2', 'W3'].flatMap((name) => [0, 1, 2, 3].map((offset) => [name, offset] as const));
    for (const [n, [name, offset]] of names.entries()) {
      await opened.ask(`click('${name}', ${offset})`);
      // Five digits that count, and all of them on demand.
      for (const { text } of (await opened.ask<Choice>('choice()')).products)
        for (const [number] of text.matchAll(/[\d.]+/g))
          expect(number.replace('.', '').replace(/^0+/, '').length, text).toBeLessThanOrEqual(5);
      await opened.ask(`press('#digits')`);
      const { hash, products, sum } = await opened.ask<Choice>('choice()');
      expect(hash).toContain('digits=all');
      const added = products.reduce((total, { text }) => total + calculate(text), 0);
      expect(Math.abs(added - sum)).toBeLessThan(1e-12);
      expect(Math.abs(added - model.gradients[n]!)).toBeLessThan(1e-12);
      for (const { text, value } of products) expect(calculate(text)).toBeCloseTo(value, 12);
      await opened.ask(`press('#digits')`);
    }
  });

  it('a gradient slides each way to the same bits', async () => {
    const opened = await pages.open('article');
    for (const [name, words] of [
      ['a1', ['the sum', 'pad dz2 with zeros, slide W2', 'pad W2 with zeros, slide dz2, turn what comes out']],
      ['x', ['the sum', 'pad dz1 with zeros, slide W1', 'pad W1 with zeros, slide dz1, turn what comes out']],
      ['W1', ['the sum', 'slide dz1 over x, turn what comes out']],
      ['W2', ['the sum', 'slide dz2 over a1, turn what comes out']],
    ] as const) {
      await opened.ask(`click('${name}', 0)`);
      const ways = await opened.ask<{ words: string; values: number[] }[]>('ways()');
      expect(ways.map((way) => way.words)).toEqual(words);
      const gradient = await opened.ask<number[]>(`numbers('d${name}')`);
      for (const { values } of ways) {
        expect(values).toHaveLength(gradient.length);
        for (const [n, value] of values.entries()) expect(Math.abs(value - gradient[n]!)).toBeLessThan(1e-16);
      }
    }
  });

  it('every number is the reference’s, whatever is edited', async () => {
    const article = await pages.open('article');
    await expectReference(article, 'article', rows.article!);
    const edits = [
      ['x', 5, '-0.75'],
      ['W1', 2, '0.5'],
      ['W2', 0, '−1.25'],
      ['W3', 3, '0.125'],
      ['t', 0, '0.3'],
    ] as const;
    for (const [name, offset, value] of edits) {
      await article.ask(`click('${name}', ${offset})`);
      await article.ask(`set('#value', '${value}')`);
      expect((await article.ask<number[]>(`numbers('${name}')`))[offset]).toBe(Number(value.replace('−', '-')));
    }
    await expectReference(article, 'article', rows.article!);
    const notes = await pages.open('notes');
    await notes.ask(`click('x', 9)`);
    await notes.ask(`set('#value', '0.35')`);
    await expectReference(notes, 'notes', rows.notes!);
    expect(await notes.ask('text("#agreement")')).toMatch(/same to 1[4-6] digits/);
  });

  it('the whole formula of article has its 64 products and 84 multiplications, and is out', async () => {
    const opened = await pages.open('article');
    await opened.ask(`set('#depth', '99')`);
    const text = await opened.page.evaluate<string>(`document.querySelector('#line').dataset.text`);
    expect(text.match(/W1\[\d,\d\]·x\[\d,\d\]/g)).toHaveLength(64);
    expect(text.match(/·/g)).toHaveLength(84);
    const values = new Map<string, number>();
    for (const [name, shape] of [
      ['x', [4, 4]],
      ['W1', [2, 2]],
      ['W2', [2, 2]],
      ['W3', [4]],
    ] as const) {
      for (const [n, value] of (await opened.ask<number[]>(`numbers('${name}')`)).entries())
        values.set(`${name}[${shape.length === 1 ? n : `${Math.floor(n / shape[0])},${n % shape[0]}`}]`, value);
    }
    const numeric = text.replace(/(?:x|W\d)\[[\d,]+\]/g, (name) => `(${values.get(name)})`);
    const [out] = await opened.ask<[number]>(`numbers('a3')`);
    expect(Math.abs(calculate(numeric) - out)).toBeLessThan(1e-15);
  });

  it('the error over ε is a V, the order is 2, and 1 where a gradient is wrong', async () => {
    const opened = await pages.open('article');
    for (const name of ['W1', 'W2']) {
      await opened.ask(`click('${name}', 0)`);
      const errors = await opened.page.evaluate<number[]>(
        `[...document.querySelectorAll('#check .error')].map((one) => Number(one.dataset.error))`,
      );
      for (const n of [0, 1, 2]) {
        const ratio = errors[n]! / errors[n + 1]!;
        expect(ratio).toBeGreaterThan(80);
        expect(ratio).toBeLessThan(125);
      }
      const least = Math.min(...errors);
      expect(least).toBeLessThan(1e-9);
      expect(errors.at(-1)).toBeGreaterThan(least);
      expect(await opened.ask('text("#rounding")')).toContain('rounding');
      const order = `Number(document.querySelector('#order').dataset.value)`;
      expect(Math.abs((await opened.page.evaluate<number>(order)) - 2)).toBeLessThan(0.05);
    }
    pages.write('falsified', falsified(pages.content('article')));
    const wrong = await pages.open('falsified', '#at=W1[0,0]');
    const order = await wrong.page.evaluate<number>(`Number(document.querySelector('#order').dataset.value)`);
    expect(Math.abs(order - 1)).toBeLessThan(0.1);
    expect(await wrong.ask('text("#agreement")')).toMatch(/same to [0-2] digits/);
  });

  it('a pool shows the seed’s maxima and its g; a tie gives every winner the gradient', async () => {
    const opened = await pages.open('pool');
    expect(await opened.ask('numbers("y1")')).toEqual([8, 6, 11, 13]);
    expect(await opened.ask('numbers("dx")')).toEqual([0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0]);
    const { options } = exampleOf('pool');
    await opened.ask(`set('#preset', '1')`);
    const image = (options.values!.presets![1]!.input as number[][]).flat();
    const expected = image.map((value, n) => {
      const corner = 8 * Math.floor(n / 8) + 2 * Math.floor((n % 4) / 2);
      return value === Math.max(...[0, 1, 4, 5].map((step) => image[corner + step]!)) ? 1 : 0;
    });
    expect(expected.reduce<number>((sum, one) => sum + one, 0)).toBeGreaterThan(4);
    expect(await opened.ask('numbers("dx")')).toEqual(expected);
  });
}

/** The page with one gradient’s equation multiplied by 2. */
export function falsified(content: string): string {
  const [, json] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(content)!;
  const data = JSON.parse(json!) as { tensors: { name: string }[]; equations: { target: number; value: unknown }[] };
  const wrong = data.equations.find(({ target }) => data.tensors[target]!.name === 'dW1')!;
  wrong.value = { kind: 'times', factors: [{ kind: 'number', value: 2 }, wrong.value] };
  return content.replace(json!, JSON.stringify(data).replaceAll('<', '\\u003c'));
}
