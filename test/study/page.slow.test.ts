import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { arbitrarySpec } from '../execution/arbitrarySpec.ts';
import { seed } from '../runs.ts';
import { checkDigits, expectAccessible, expectDrawing, expectNarrow } from './checks/access.ts';
import { checkLargeCounts } from './checks/counts.ts';
import { executablePath, Pages, withoutChromium } from './chromium.ts';

if (executablePath === undefined) it.skip(`study pages in a browser: ${withoutChromium}`, () => {});

describe.skipIf(executablePath === undefined)('any study page in Chromium', () => {
  const pages = new Pages();
  afterAll(() => pages.close());

  it('axe finds nothing serious in light, dark and forced colours, with a choice and without', async () => {
    const opened = await pages.open('article');
    for (const [colorScheme, forcedColors] of [
      ['light', 'none'],
      ['dark', 'none'],
      ['dark', 'active'],
    ] as const) {
      await opened.page.emulateMedia({ colorScheme, forcedColors });
      for (const hash of ['', '#at=W2[1,0]']) {
        await opened.ask(`show('${hash}')`);
        await expectAccessible(opened, `${colorScheme} ${forcedColors} ${hash}`);
      }
    }
    await opened.page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
  });

  checkLargeCounts(pages);
  checkDigits(pages);

  it('a digit drawn by touch is the one drawn by mouse', async () => {
    await expectDrawing(pages, 'digits', [9, 10, 11, 19, 27, 35]);
    await expectNarrow(pages, ['residual']);
  });

  it('random networks open without a word, and say what the emitted module says', async () => {
    for (const [n, spec] of fc.sample(arbitrarySpec, { numRuns: 12, seed }).entries()) {
      const name = `random${n}`;
      pages.content(name, spec, {});
      const opened = await pages.open(name);
      const what = JSON.stringify(spec);
      expect(opened.said, what).toEqual([]);
      const digits = Number(/same to (\d+) digits/.exec(await opened.ask('text("#agreement")'))?.[1] ?? Number.NaN);
      expect(digits, what).toBeGreaterThanOrEqual(11);
      await opened.page.context().close();
    }
  });

  it('named inputs and outputs stand one after the other: the emitted module says the same and trains', async () => {
    const p = { type: 'dense', name: 'p', units: 2, activation: 'tanh' };
    const q = { type: 'dense', name: 'q', units: 3, activation: 'softmax' };
    const loss = 'sparseCategoricalCrossentropy';
    const specs = {
      both: {
        input: { a: [2], b: [3] },
        layers: [
          { ...p, inputs: ['a'] },
          { ...q, inputs: ['b'] },
          { type: 'concatenate', name: 's', inputs: ['p', 'q'] },
        ],
        outputs: { s: { loss: 'squaredError' }, q: { loss, weight: 2 } },
      },
      inputs: {
        input: { a: [2], constructor: [2, 1] },
        layers: [{ type: 'flatten', name: 'f', inputs: ['constructor'] }, { type: 'add', inputs: ['a', 'f'] }, p],
        loss: 'meanSquaredError',
      },
      outputs: { input: [3], layers: [p, q], outputs: { p: {}, q: { loss } } },
      gradients: { input: [3], layers: [p, q], outputs: { p: {}, q: {} } },
    };
    for (const [name, spec] of Object.entries(specs)) {
      pages.content(name, { name, ...spec }, {});
      const opened = await pages.open(name);
      expect(opened.said, name).toEqual([]);
      expect(await opened.ask('text("#agreement")'), name).toMatch(/same to 1[4-6] digits/);
      if (name === 'gradients') continue;
      const [first] = await opened.ask<[number]>(`numbers('L')`);
      await opened.ask(`press('#run')`);
      expect((await opened.ask<[number]>(`numbers('L')`))[0], name).toBeLessThan(first / 2);
      await opened.page.context().close();
    }
  });

  it('a network of a million multiplications opens, and a choice in it', async () => {
    const layers = [
      { type: 'conv2d', filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' },
      { type: 'conv2d', filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' },
      { type: 'maxPooling2d' },
      { type: 'flatten' },
      { type: 'dense', units: 64, activation: 'relu' },
      { type: 'dense', units: 10, activation: 'softmax' },
    ];
    const spec = { name: 'large', input: [20, 20, 1], layers, loss: 'categoricalCrossentropy' };
    pages.content('large', spec, {});
    const opened = await pages.open('large', '#at=W2[1,1,3,5]');
    // A 3×3 kernel, padding same, 20×20 places: the middle weight is read at each.
    expect(await opened.page.evaluate(`document.querySelector('#live').textContent`)).toContain(
      `used ${20 * 20} times`,
    );
    expect(await opened.page.evaluate(`document.querySelectorAll('*').length`)).toBeLessThan(15_000);
    expect(opened.said).toEqual([]);
  });
});
