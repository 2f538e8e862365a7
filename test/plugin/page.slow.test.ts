import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { longhand } from '../../generator/plugin/index.ts';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const executablePath = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
  .find(existsSync);

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'longhand-page-')));
const spec = { name: 'net', input: [3], layers: [{ type: 'dense', units: 2 }], loss: 'squaredError' };
const writeSpec = (content: object): void => writeFileSync(join(folder, 'net.net.json'), JSON.stringify(content));
const page = `import { createModel } from './net.net.json?longhand';
globalThis.model = createModel([1, 2, 3, 4, 5, 6, 0, 0]);
globalThis.made = (globalThis.made ?? 0) + 1;`;

if (executablePath === undefined) throw new Error('found no Chromium in PATH: apt-get install chromium');

let server: ViteDevServer;
let browser: Browser;
let tab: Page;

beforeAll(async () => {
  writeSpec(spec);
  writeFileSync(join(folder, 'index.html'), '<script type="module" src="/main.js"></script>');
  writeFileSync(join(folder, 'main.js'), page);
  server = await createServer({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    cacheDir: join(folder, '.vite'),
    server: { port: 0, host: '127.0.0.1', watch: { usePolling: true, interval: 100 } },
    plugins: [longhand.vite({ specs: join(folder, '*.net.json'), out: join(folder, 'generated') })],
  });
  await server.listen();
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  tab = await browser.newPage();
  const { port } = server.httpServer!.address() as AddressInfo;
  await tab.goto(`http://127.0.0.1:${port}/`);
  await tab.waitForFunction('globalThis.model !== undefined', undefined, { timeout: 60_000 });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const output = () => tab.evaluate('Array.from(model.forward([1, 0, 0]))');

test('a page imports a spec; when its activation changes, the model on the page goes on with its weights', async () => {
  expect(await output()).toEqual([1, 2]);
  await tab.evaluate('model.parameters[0] = -7; globalThis.stays = true');
  writeSpec({ ...spec, layers: [{ type: 'dense', units: 2, activation: 'relu' }] });
  await tab.waitForFunction('model.forward([1, 0, 0])[0] === 0', undefined, { timeout: 60_000 });
  expect(await output()).toEqual([0, 2]);
  expect(await tab.evaluate('[stays, made, model.parameters[0]]')).toEqual([true, 1, -7]);
});

test('what is wrong in a spec stands in the overlay with its line and column, until it is mended', async () => {
  writeFileSync(join(folder, 'net.net.json'), JSON.stringify({ ...spec, loss: 'squaredEror' }, null, 2));
  const overlay = tab.locator('vite-error-overlay');
  await overlay.waitFor({ state: 'attached', timeout: 60_000 });
  const text = await overlay.evaluate(
    (element) => (element as { shadowRoot: { textContent: string } | null }).shadowRoot?.textContent ?? '',
  );
  expect(text).toMatch(/net\.net\.json:\d+:\d+: loss: found "squaredEror"/);
  writeSpec({ ...spec, layers: [{ type: 'dense', units: 3 }] });
  await overlay.waitFor({ state: 'detached', timeout: 60_000 });
});

test('where a shape has changed, the page loads anew', async () => {
  await tab.waitForFunction('globalThis.stays === undefined', undefined, { timeout: 60_000 });
});
