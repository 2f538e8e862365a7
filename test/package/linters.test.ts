import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { everyForm, installedProject, longhand, netSpec, run, tool } from './harness.ts';

const url = (path: string): string => JSON.stringify(pathToFileURL(tool(path)).href);
const folder = installedProject(
  { type: 'module' },
  {
    'net.net.json': JSON.stringify(netSpec),
    'longhand.config.json': everyForm,
    'eslint.config.js': `import tseslint from ${url('typescript-eslint/dist/index.js')};
      export default [
        { linterOptions: { reportUnusedDisableDirectives: 'error' } },
        ...tseslint.configs.strict, ...tseslint.configs.stylistic,
      ];`,
  },
);
if (longhand(folder, 'generate').code !== 0) throw new Error('nothing was generated');
const files = readdirSync(join(folder, 'generated')).map((name) => `generated/${name}`);

test('ESLint finds nothing, not even a directive that is not needed', () => {
  const eslint = join(dirname(tool('eslint/package.json')), 'bin/eslint.js');
  expect(run(folder, process.execPath, [eslint, '--max-warnings', '0', ...files])).toEqual({ code: 0, output: '' });
});

test('Biome finds nothing', () => {
  const { code, output } = run(folder, process.execPath, [
    tool('@biomejs/biome/bin/biome'),
    'check',
    '--error-on-warnings',
    ...files,
  ]);
  expect(output).toContain(`Checked ${files.length} files`);
  expect(code).toBe(0);
});

test('Prettier would change nothing', () => {
  expect(run(folder, process.execPath, [tool('prettier/bin/prettier.cjs'), '--check', ...files]).output).toContain(
    'All matched files use Prettier code style!',
  );
});
