import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
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

it('every generated module type-checks strictly, without any types but the language', () => {
  const files = readdirSync(pathOf('generated')).map((file) => pathOf(`generated/${file}`));
  const flags = ['--noEmit', '--strict', '--ignoreConfig', '--target', 'es2022', '--lib', 'es2022'];
  const run = () =>
    execFileSync(process.execPath, [pathOf('node_modules/typescript/bin/tsc'), ...flags, ...files], {
      encoding: 'utf8',
      cwd: pathOf('generated'),
    });
  expect(run()).toBe('');
});
