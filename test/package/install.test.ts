import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { longhand, makeProject, run, runWell, tarball, tool, write } from './harness.ts';

const files = {
  'use.mjs': `import { generate } from 'longhand';
    import plugin from 'longhand/plugin';
    import { readFileSync } from 'node:fs';
    const schema = JSON.parse(readFileSync(new URL(import.meta.resolve('longhand/schema.json')), 'utf8'));
    console.log(typeof generate, typeof plugin.vite, schema.type ?? typeof schema);`,
  'use.cjs': `const { generate } = require('longhand'); console.log(typeof generate, require('longhand/package.json').name);`,
};

const managers = [
  { name: 'npm', command: 'npm', words: ['install', '--save-dev', '--no-audit', '--no-fund'], tool: undefined },
  { name: 'pnpm', command: process.execPath, words: ['add', '-D'], tool: 'pnpm/bin/pnpm.mjs' },
  { name: 'yarn', command: process.execPath, words: ['add', '--dev'], tool: 'yarn/bin/yarn.js' },
];

describe.each(managers)('installed by $name', ({ command, words, tool: path }) => {
  test.each(['module', 'commonjs'])('it works in a project of the type %s', (type) => {
    const folder = makeProject({ type }, files);
    const from = path === 'yarn/bin/yarn.js' ? `file:${tarball()}` : tarball();
    runWell(folder, command, [...(path === undefined ? [] : [tool(path)]), ...words, from]);
    expect(longhand(folder, 'init', '--yes')).toMatchObject({ code: 0 });
    expect(longhand(folder, 'generate')).toEqual({ code: 0, output: 'wrote generated/digits.ts\n' });
    expect(longhand(folder, 'generate')).toEqual({ code: 0, output: 'unchanged: 1 file\n' });
    expect(longhand(folder, 'generate', '--check').code).toBe(0);
    write(folder, {
      'own.net.ts': `import { defineNetwork } from 'longhand';\nexport default defineNetwork({ name: 'own', input: [2], layers: [{ type: 'dense', units: 1 }] });`,
    });
    expect(longhand(folder, 'generate', 'own.net.ts', '--form', 'wasm', '--language', 'js').code).toBe(0);
    write(folder, {
      'own.mjs': `import { createModel } from './own.js';\nconsole.log(createModel([1, 2, 3]).forward([4, 5])[0]);`,
    });
    if (type === 'module') expect(runWell(folder, process.execPath, ['own.mjs'])).toBe('17\n');
    expect(runWell(folder, process.execPath, ['use.mjs'])).toMatch(/^function function /);
    expect(run(folder, process.execPath, ['--no-warnings', 'use.cjs']).output).toBe('function longhand\n');
  });
});

test('it brings at most 40 MB, and no package with an install script', () => {
  const folder = makeProject({});
  runWell(folder, 'npm', ['install', '--no-audit', '--no-fund', tarball()]);
  let bytes = 0;
  const scripts: string[] = [];
  const visit = (path: string): void => {
    for (const name of readdirSync(path)) {
      const inner = join(path, name);
      const stats = lstatSync(inner);
      bytes += stats.isFile() ? stats.size : 0;
      if (stats.isDirectory()) visit(inner);
      if (name !== 'package.json') continue;
      const manifest = JSON.parse(readFileSync(inner, 'utf8'));
      for (const script of ['preinstall', 'install', 'postinstall']) {
        if (manifest.scripts?.[script] !== undefined) scripts.push(`${inner}: ${script}`);
      }
    }
  };
  visit(join(folder, 'node_modules'));
  expect(scripts).toEqual([]);
  expect(bytes / 1e6).toBeLessThan(40);
  expect(existsSync(join(folder, 'node_modules/binaryen'))).toBe(false);
});

test('publint has no complaint, and the types are right wherever the package can be imported', () => {
  const folder = makeProject({});
  expect(runWell(folder, process.execPath, [tool('publint/src/cli.js'), tarball(), '--strict'])).toContain('All good!');
  // ESM alone: Node 20.19 and later can require it too; resolution as in Node 10 knows no exports.
  runWell(folder, process.execPath, [
    tool('@arethetypeswrong/cli/dist/index.js'),
    ...[tarball(), '--profile', 'esm-only'],
  ]);
});
