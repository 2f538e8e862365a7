import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { buildPage } from '../../examples/finetune/build.ts';
import { readSafetensors } from '../../generator/exchange/weights/safetensors.ts';

vi.setConfig({ testTimeout: 400_000 });

const browserPath = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'chromium'))
  .find((path) => existsSync(path));
if (browserPath === undefined)
  console.warn('Chromium is not installed: the page is not opened. apt-get install chromium');

const folder = mkdtempSync(join(tmpdir(), 'longhand-finetune-test-'));
let browser: Browser | undefined;
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

type Point = readonly [number, number];

/** A dash, a stroke, and a ring, each a little elsewhere every time. */
function signOf(label: number, n: number): readonly Point[] {
  const shift = 6 * (n % 4) - 9;
  if (label === 0)
    return [
      [40, 128 + shift],
      [216, 128 - shift],
    ];
  if (label === 1)
    return [
      [128 + shift, 40],
      [128 - shift, 216],
    ];
  return Array.from({ length: 25 }, (_, k): Point => {
    const angle = (2 * Math.PI * k) / 24;
    return [128 + shift + (80 + shift) * Math.cos(angle), 128 + 80 * Math.sin(angle)];
  });
}

async function draw(page: Page, points: readonly Point[]): Promise<void> {
  const { x, y } = (await page.locator('#canvas').boundingBox())!;
  const [first, ...rest] = points.map(([right, down]) => [x + right, y + down] as const);
  await page.mouse.move(...first!);
  await page.mouse.down();
  for (const point of rest) await page.mouse.move(...point, { steps: 4 });
  await page.mouse.up();
}

async function weightsOf(page: Page): Promise<{
  readonly path: string;
  readonly values: ReadonlyMap<string, readonly number[]>;
  readonly metadata: Readonly<Record<string, string>>;
}> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#download')]);
  const path = await download.path();
  const { tensors, metadata } = readSafetensors(readFileSync(path));
  return { path, metadata, values: new Map([...tensors].map(([name, { values }]) => [name, [...values]])) };
}

const answer = (page: Page) => page.locator('#answer').textContent();

describe.skipIf(browserPath === undefined)('the page that learns drawings', () => {
  it('learns three signs behind frozen convolutions, and carries its weights away and back', async () => {
    await buildPage(folder);
    browser = await chromium.launch({ executablePath: browserPath!, args: ['--no-sandbox'] });
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (!/^(?:file|blob):/.test(request.url())) complaints.push(request.url());
    });
    await page.goto(pathToFileURL(join(folder, 'index.html')).href);
    const before = await weightsOf(page);

    for (let n = 0; n < 4; n++) {
      for (const label of [0, 1, 2]) {
        await draw(page, signOf(label, n));
        await page.click(`[data-label="${label}"]`);
      }
    }
    expect(await page.locator('#state').textContent()).toBe('Drawings: A 4, B 4, C 4.');
    await page.click('#train');
    expect(await page.locator('#state').textContent()).toMatch(/^Trained on 12 drawings: loss 0\.0\d+\.$/);
    const answers: (string | null)[] = [];
    for (const label of [0, 1, 2]) {
      await page.click('#clear');
      await draw(page, signOf(label, 1.5));
      answers.push(await answer(page));
      expect(answers[label]).toMatch(new RegExp(`^It looks like ${'ABC'[label]} `));
    }

    const after = await weightsOf(page);
    for (const [name, values] of before.values) {
      const expected = expect(after.values.get(name));
      if (name.startsWith('head/')) expected.not.toEqual(values);
      else expected.toEqual(values);
    }
    expect(Object.keys(after.metadata)).toEqual(['longhand.spec', 'longhand.optimizer']);

    await page.reload();
    await draw(page, signOf(2, 1.5));
    expect(await answer(page)).not.toBe(answers[2]);
    await page.setInputFiles('#upload', after.path);
    await page.waitForFunction(() =>
      (globalThis as unknown as { document: { getElementById(id: string): { textContent: string } } }).document
        .getElementById('state')
        .textContent.startsWith('Loaded'),
    );
    expect(await answer(page)).toBe(answers[2]);
    await page.setInputFiles('#upload', {
      name: 'notes.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('no weights'),
    });
    await page.waitForFunction(() =>
      (globalThis as unknown as { document: { getElementById(id: string): { textContent: string } } }).document
        .getElementById('state')
        .textContent.startsWith('notes.txt'),
    );
    expect(await page.locator('#state').textContent()).toBe('notes.txt: found no safetensors file');
    expect(complaints).toEqual([]);
  });
});
