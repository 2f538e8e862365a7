import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { cli } from '../compile.ts';

vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'longhand-init-'));
afterAll(() => rmSync(folder, { recursive: true }));

const longhand = (...words: string[]) =>
  spawnSync(process.execPath, [cli, ...words], {
    cwd: folder,
    encoding: 'utf8',
    input: '',
  });

test('init asks nothing without a terminal, keeps what is there, and what it writes can be generated', () => {
  writeFileSync(join(folder, 'package.json'), '{\n    "name": "user",\n    "scripts": { "generate": "other" }\n}\n');
  expect(longhand('init')).toMatchObject({
    status: 0,
    stderr: '',
    stdout:
      'wrote digits.net.json\nwrote longhand.config.ts\nadded the script "generate:networks" to package.json\n' +
      'Next: npx longhand generate\n',
  });
  expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe(
    '{\n    "name": "user",\n    "scripts": {\n        "generate": "other",\n        "generate:networks": "longhand generate"\n    }\n}\n',
  );
  expect(longhand('generate').stdout).toBe('wrote generated/digits.ts\n');
  writeFileSync(join(folder, 'digits.net.json'), 'my own');
  expect(longhand('init', '--yes').stdout).toBe(
    'kept digits.net.json\nkept longhand.config.ts\nNext: npx longhand generate\n',
  );
  expect(readFileSync(join(folder, 'digits.net.json'), 'utf8')).toBe('my own');
});
