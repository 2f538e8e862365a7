import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { buildPage } from '../../examples/draw/build.ts';

const browserPath = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'chromium'))
  .find((path) => existsSync(path));
if (browserPath === undefined)
  console.warn('Chromium is not installed: the page is not opened. apt-get install chromium');

const folder = mkdtempSync(join(tmpdir(), 'longhand-draw-test-'));
let browser: Browser | undefined;
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

type Point = readonly [number, number];

const ring = (x: number, y: number, width: number, height: number, from = 0, to = 1): readonly Point[] =>
  Array.from({ length: 33 }, (_, k): Point => {
    const angle = 2 * Math.PI * (from + ((to - from) * k) / 32);
    return [x + width * Math.sin(angle), y - height * Math.cos(angle)];
  });

/** Strokes of digits, in the 256 points of the canvas. */
const strokes: Readonly<Record<number, readonly (readonly Point[])[]>> = {
  0: [ring(128, 128, 50, 80)],
  1: [
    [
      [100, 80],
      [135, 45],
      [135, 210],
    ],
  ],
  3: [[...ring(120, 90, 45, 40, -0.2, 0.5), ...ring(120, 170, 50, 42, 0, 0.7)]],
  4: [
    [
      [110, 40],
      [80, 140],
      [180, 140],
    ],
    [
      [150, 90],
      [140, 215],
    ],
  ],
  7: [
    [
      [75, 50],
      [180, 50],
      [115, 210],
    ],
  ],
};

async function draw(page: Page, lines: readonly (readonly Point[])[]): Promise<void> {
  const { x, y } = (await page.locator('#canvas').boundingBox())!;
  for (const [first, ...rest] of lines) {
    await page.mouse.move(x + first![0], y + first![1]);
    await page.mouse.down();
    for (const [right, down] of rest) await page.mouse.move(x + right, y + down, { steps: 4 });
    await page.mouse.up();
  }
}

describe.skipIf(browserPath === undefined)('the page that recognises a drawn digit', () => {
  it('says which digit was drawn, wherever it stands, and asks nothing of a server', async () => {
    const { bytes, gzipped } = await buildPage(folder);
    // docs/package.md says 11 thousand bytes.
    expect(bytes).toBeLessThan(13_000);
    expect(gzipped).toBeLessThan(8_000);
    browser = await chromium.launch({ executablePath: browserPath!, args: ['--no-sandbox'] });
    const page = await browser.newPage({ viewport: { width: 360, height: 640 } });
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) complaints.push(request.url());
    });
    await page.goto(pathToFileURL(join(folder, 'index.html')).href);
    const answer = () => page.locator('#answer').textContent();
    expect(await answer()).toBe('Draw a digit.');
    const said: Record<string, string | null> = {};
    for (const [digit, lines] of Object.entries(strokes)) {
      await draw(page, lines);
      said[digit] = await answer();
      await page.click('#clear');
    }
    for (const digit of Object.keys(strokes))
      expect(said, digit).toHaveProperty(digit, expect.stringMatching(new RegExp(`^It looks like ${digit} `)));
    const aside = strokes[0]!.map((line) => line.map(([x, y]): Point => [0.8 * x - 15, 0.8 * y + 60]));
    await draw(page, aside);
    expect(await answer()).toMatch(/^It looks like 0 /);
    const shares = await page
      .locator('meter')
      .evaluateAll((all) => all.map((one) => (one as unknown as { value: number }).value));
    expect(shares).toHaveLength(10);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    expect(complaints).toEqual([]);
  }, 120_000);
});
