import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { study } from '../../generator/study/index.ts';
import { exampleOf } from './chromium.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Started {
  readonly child: ChildProcess;
  readonly folder: string;
  /** What it wrote, as far as it has come. */
  readonly said: () => string;
  /** Waits until it says this. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
}

describe('longhand study --serve', () => {
  const started: Started[] = [];
  afterEach(() => {
    for (const { child, folder } of started.splice(0)) {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  });

  function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Started {
    const folder = mkdtempSync(join(tmpdir(), 'longhand-serve-'));
    const command = ['--import', import.meta.resolve('tsx'), join(root, 'generator/cli.ts'), 'study', ...args];
    const child = spawn(process.execPath, command, { cwd: folder, env: { ...process.env, ...env } });
    let text = '';
    child.stdout.on('data', (chunk) => (text += chunk));
    child.stderr.on('data', (chunk) => (text += chunk));
    const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
      for (;;) {
        const found = pattern.exec(text);
        if (found !== null) return found;
        if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${text}`);
        await new Promise((done) => setTimeout(done, 30));
      }
    };
    const one = { child, folder, said: () => text, until };
    started.push(one);
    return one;
  }

  const example = (name: string): string => join(root, `examples/${name}.net.json`);

  it('shows each page at an address of this machine, writes nothing, and ends at Ctrl-C', async () => {
    const { child, folder, until } = start([example('pool'), example('article'), '--serve']);
    const [, address] = await until(/(http:\/\/127\.0\.0\.1:\d+)\/pool\.html/);
    await until(/article\.html/);
    for (const [path, name] of [
      ['/', 'pool'],
      ['/pool.html?x', 'pool'],
      ['/article.html', 'article'],
    ] as const) {
      const answer = await fetch(`${address}${path}`);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      const { spec, options } = exampleOf(name);
      expect(await answer.text()).toBe(study(spec, options).content);
    }
    for (const path of ['/none.html', '/..%2Fpackage.json', '/%E0%A4%A'])
      expect((await fetch(`${address}${path}`)).status, path).toBe(404);
    expect((await fetch(`${address}/`)).status).toBe(200);
    expect(readdirSync(folder)).toEqual([]);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('shows what the spec says now: a reload has the change, and a fault instead of an old page', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'longhand-serve-'));
    const file = join(folder, 'small.net.json');
    const write = (units: unknown): void =>
      writeFileSync(file, JSON.stringify({ name: 'small', input: [2], layers: [{ type: 'dense', units }] }));
    write(3);
    const { until } = start([file, '--serve']);
    const [, address] = await until(/(http:\/\/\S+)/);
    expect(await (await fetch(address!)).text()).toContain('dense1: 2 → 3');
    write(4);
    expect(await (await fetch(address!)).text()).toContain('dense1: 2 → 4');
    write('<b>');
    const answer = await fetch(address!);
    expect(answer.status).toBe(500);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await answer.text()).toMatch(/small\.net\.json[\s\S]*layers\[0\]\.units/);
    write(5);
    expect(await (await fetch(address!)).text()).toContain('dense1: 2 → 5');
    rmSync(folder, { recursive: true });
  });

  it('says so in one line where the port is taken, or is no port', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const taken = start([example('pool'), '--serve'], { PORT: String(port) });
    const wrong = start([example('pool'), '--serve'], { PORT: 'http' });
    expect(await once(taken.child, 'exit')).toEqual([1, null]);
    if (wrong.child.exitCode === null) await once(wrong.child, 'exit');
    other.close();
    expect(taken.said()).toBe(
      `--serve: port ${port} is taken; set another one with PORT=…, or none for any that is free\n`,
    );
    expect(wrong.said()).toBe('--serve: found PORT=http, expected a number from 0 to 65535\n');
    expect(wrong.child.exitCode).toBe(1);
  });
});
