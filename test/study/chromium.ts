import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { type StudyOptions, study } from '../../generator/study/index.ts';

const candidates = [process.env.LONGHAND_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'];

/** The browser that the tests drive; undefined where there is none. */
export const executablePath = candidates.find((path) => path !== undefined && existsSync(path));

export const withoutChromium = 'skipped: there is no Chromium (apt-get install chromium, or LONGHAND_CHROMIUM=PATH)';

const probe = transformSync(readFileSync(new URL('browser/probe.ts', import.meta.url), 'utf8'), {
  loader: 'ts',
  format: 'iife',
}).code;

/** A page that stays open for all tests of a file. */
export interface Opened {
  readonly page: Page;
  /** What the page or the browser said in the console, errors and broken policies included. */
  readonly said: readonly string[];
  readonly address: string;
  /** Calls a function of the probe. */
  ask<T>(call: string): Promise<T>;
}

const examples = new URL('../../examples/', import.meta.url);

function readExample(file: string): unknown {
  const url = new URL(file, examples);
  return existsSync(url) ? JSON.parse(readFileSync(url, 'utf8')) : undefined;
}

/** The spec of an example, and what stands beside it. */
export function exampleOf(name: string): { readonly spec: unknown; readonly options: StudyOptions } {
  const [names, values] = ['names', 'values'].map((kind) => readExample(`${name}.${kind}.json`));
  const options = { ...(names !== undefined && { names }), ...(values !== undefined && { values }) };
  return { spec: readExample(`${name}.net.json`), options: options as StudyOptions };
}

/** One browser and one page for each network, for all tests of a file. */
export class Pages {
  readonly #folder = mkdtempSync(join(tmpdir(), 'longhand-study-'));
  readonly #files = new Map<string, string>();
  readonly #opened = new Map<string, Promise<Opened>>();
  #browser: Promise<Browser> | undefined;

  async close(): Promise<void> {
    await (await this.#browser)?.close();
    rmSync(this.#folder, { recursive: true });
  }

  /** The text of an example's page, or of any network's. */
  content(name: string, spec?: unknown, options?: StudyOptions): string {
    const known = this.#files.get(name);
    if (known !== undefined) return readFileSync(known, 'utf8');
    const example = spec === undefined ? exampleOf(name) : { spec, options };
    return this.write(name, study(example.spec, example.options ?? {}).content);
  }

  /** Any text as a page. */
  write(name: string, content: string): string {
    const file = join(this.#folder, `${name}.html`);
    writeFileSync(file, content);
    this.#files.set(name, file);
    return content;
  }

  /** The page of an example, as just opened with this address. */
  async open(name: string, hash = ''): Promise<Opened> {
    this.content(name);
    const opened = await (this.#opened.get(name) ?? this.#remember(name, this.another(name)));
    await opened.ask(`show(${JSON.stringify(hash)})`);
    return opened;
  }

  #remember(name: string, opened: Promise<Opened>): Promise<Opened> {
    this.#opened.set(name, opened);
    return opened;
  }

  async browser(): Promise<Browser> {
    const options = { executablePath: executablePath!, args: ['--no-sandbox', '--disable-gpu'] };
    this.#browser ??= chromium.launch(options);
    return this.#browser;
  }

  /** A second page of a network, of a reader of its own where the context says so. */
  async another(name: string, context: Parameters<Browser['newContext']>[0] = {}, hash = ''): Promise<Opened> {
    this.content(name);
    const own: BrowserContext = await (await this.browser()).newContext({
      viewport: { width: 1280, height: 900 },
      ...context,
    });
    const page = await own.newPage();
    page.setDefaultTimeout(60_000);
    const said: string[] = [];
    page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => said.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) said.push(`request: ${request.url()}`);
    });
    await page.addInitScript(probe);
    const address = pathToFileURL(this.#files.get(name)!).href;
    await page.goto(address + hash);
    return { page, said, address, ask: (call) => page.evaluate(`probe.${call}`) };
  }
}

/** What `choice` of the probe gives. */
export interface Choice {
  readonly hash: string;
  readonly chosen: readonly Mark[];
  readonly partner: readonly Mark[];
  readonly used: readonly Mark[];
  readonly terms: readonly Mark[];
  readonly field: readonly Mark[];
  readonly read: readonly Mark[];
  readonly lit: readonly { readonly name: string; readonly text: string; readonly statement: string }[];
  readonly uses: readonly string[];
  readonly products: readonly { readonly k: string; readonly text: string; readonly value: number }[];
  readonly sum: number;
  readonly title: string;
  readonly live: string;
}

export interface Mark {
  readonly name: string;
  readonly offset: number;
  readonly k: string;
}
