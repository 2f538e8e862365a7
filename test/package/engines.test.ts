import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { everyForm, installedProject, modules, netSpec, runWell, tool, write } from './harness.ts';

const folder = installedProject(
  { type: 'module' },
  { 'net.net.json': JSON.stringify(netSpec), 'longhand.config.json': everyForm },
);
const cli = join(folder, 'node_modules/longhand/dist/cli.js');
const first = generated('node20', 'ts');

function generated(node: string, language: string): Record<string, string> {
  write(folder, {
    'longhand.config.json': JSON.stringify({ ...JSON.parse(everyForm), language, out: `${node}-${language}` }),
  });
  runWell(folder, tool(`${node}/bin/node`), [cli, 'generate']);
  const out = join(folder, `${node}-${language}`);
  return Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')]));
}

test.each(['node22', 'node24', 'node26'])('%s writes the bytes that Node 20.19 writes, and runs them', (node) => {
  expect(Object.keys(first)).toHaveLength(modules.length);
  expect(generated(node, 'ts')).toEqual(first);
  const program = Object.keys(first).map(
    (name, n) =>
      `import { createModel as make${n} } from './${node}-ts/${name}';\nconsole.log(make${n}(Array(63 + 20 - 2).fill(0.1)).forward(Array(36).fill(0.5)).length);`,
  );
  write(folder, { 'run.ts': program.join('\n').replaceAll('63 + 20 - 2', String(parameterCount())) });
  expect(
    runWell(folder, tool(`${node}/bin/node`), [
      '--disable-warning=ExperimentalWarning',
      '--experimental-strip-types',
      'run.ts',
    ]),
  ).toBe('3\n'.repeat(modules.length));
});

test('Node 20.19 runs what is written in JavaScript', () => {
  const files = Object.keys(generated('node20', 'js')).filter((name) => name.endsWith('.js'));
  expect(files).toHaveLength(modules.length);
  const program = files.map(
    (name, n) =>
      `import { createModel as make${n} } from './node20-js/${name}';\nconsole.log(make${n}().forward(Array(36).fill(0.5)).length);`,
  );
  write(folder, { 'run.mjs': program.join('\n') });
  expect(runWell(folder, tool('node20/bin/node'), ['run.mjs'])).toBe('3\n'.repeat(modules.length));
});

function parameterCount(): number {
  return Number(/parameterCount: (\d+)/.exec(Object.values(first)[0]!)![1]);
}
