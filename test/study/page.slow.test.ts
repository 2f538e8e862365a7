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
