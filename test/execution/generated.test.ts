import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { generate } from '../../generator/index.ts';

const root = new URL('../../', import.meta.url);
const pathOf = (relative: string): string => fileURLToPath(new URL(relative, root));
const specs = readdirSync(pathOf('examples')).filter((file) => file.endsWith('.net.json'));

it.each(specs)('generated/ holds what %s gives now', (file) => {
  const spec: unknown = JSON.parse(readFileSync(pathOf(`examples/${file}`), 'utf8'));
  for (const { path, content } of generate(spec, { form: 'unrolled' })) {
    const isCurrent = readFileSync(pathOf(`generated/${path}`), 'utf8') === content;
    expect(isCurrent, `generated/${path} is out of date: run npm run generate`).toBe(true);
  }
});

it('generated/ holds nothing else', () => {
  const expected = specs.map((file) => file.replace('.net.json', '.ts'));
  expect(readdirSync(pathOf('generated')).sort()).toEqual(expected.sort());
});

const typeErrors = (files: readonly string[]): string => {
  const flags = ['--noEmit', '--strict', '--noUnusedLocals', '--ignoreConfig', '--target', 'es2022', '--lib', 'es2022'];
  const { stdout } = spawnSync(process.execPath, [pathOf('node_modules/typescript/bin/tsc'), ...flags, ...files], {
    encoding: 'utf8',
    cwd: pathOf('generated'),
  });
  return stdout;
};

it('every generated module type-checks strictly, without any types but the language and without an unused name', () => {
  expect(typeErrors(readdirSync(pathOf('generated')).map((file) => pathOf(`generated/${file}`)))).toBe('');
});

it.each(['fast', 'wasm'] as const)('so do the examples in the form %s', (form) => {
  const folder = mkdtempSync(join(tmpdir(), 'longhand-'));
  try {
    const files = specs.flatMap((file) =>
      generate(JSON.parse(readFileSync(pathOf(`examples/${file}`), 'utf8')), { form }).map(({ path, content }) => {
        writeFileSync(join(folder, path), content);
        return join(folder, path);
      }),
    );
    expect(typeErrors(files)).toBe('');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
