import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { everyForm, installedProject, longhand, modules, netSpec, run, runWell, tool, write } from './harness.ts';

const folder = installedProject(
  { type: 'module' },
  { 'net.net.json': JSON.stringify(netSpec), 'longhand.config.json': everyForm },
);
if (longhand(folder, 'generate').code !== 0) throw new Error('nothing was generated');

/** A program as a user writes it, over every module. */
const main = modules
  .map(({ form, inference, fileName }, n) => {
    const use = inference ? '' : `model${n}.backward([1, 0, 0]); model${n}.step(0.1);`;
    return `import { createModel as make${n}, network as ${form}${n}, type Model as Model${n} } from './generated/${fileName.replace('[name]', 'net')}.js';
const model${n}: Model${n} = make${n}();
export const first${n}: number = model${n}.forward(new Float64Array(36))[0] ?? ${form}${n}.parameterCount; ${use}
// @ts-expect-error: the network has 36 inputs
model${n}.forward([1, 2, 3]);`;
  })
  .join('\n');
const config = `import { defineConfig, defineNetwork } from 'longhand';
export default defineConfig({ specs: '*.net.json', form: 'wasm' });
export const net = defineNetwork({ name: 'net', input: [2], layers: [{ type: 'dense', units: 1 }] });`;
write(folder, { 'main.ts': main, 'config.ts': config });

describe.each(['ts54', 'ts59', 'ts6', 'ts7'])('%s', (name) => {
  const tsc = tool(`${name}/bin/tsc`);

  test('has no error after tsc --init, in any form', () => {
    write(folder, { 'tsconfig.json': '' });
    run(folder, 'rm', ['tsconfig.json']);
    runWell(folder, process.execPath, [tsc, '--init']);
    // Of 5.4, whose own choice is CommonJS in a project of modules.
    const words = name === 'ts54' ? ['--module', 'nodenext', '--moduleResolution', 'nodenext'] : [];
    expect(run(folder, process.execPath, [tsc, '--noEmit', ...words])).toEqual({ code: 0, output: '' });
  });

  test('has none under every flag of strictness', () => {
    run(folder, 'rm', ['-f', 'tsconfig.json']);
    const compilerOptions = {
      ...Object.fromEntries(flags.map((flag) => [flag, true])),
      ...(name === 'ts54' ? {} : { isolatedDeclarations: true }),
      ...(name === 'ts54' ? {} : { erasableSyntaxOnly: true }),
      ...{ declaration: true, noEmit: true, target: 'es2022', lib: ['es2022'], types: [] },
      ...{ module: 'esnext', moduleResolution: 'bundler', allowUnreachableCode: false, allowUnusedLabels: false },
    };
    write(folder, { 'tsconfig.json': JSON.stringify({ compilerOptions, include: ['generated'] }) });
    expect(run(folder, process.execPath, [tsc, '-p', '.'])).toEqual({ code: 0, output: '' });
  });
});

const flags = [
  ...['strict', 'noUncheckedIndexedAccess', 'exactOptionalPropertyTypes', 'noImplicitReturns', 'noImplicitOverride'],
  ...['noUnusedLocals', 'noUnusedParameters', 'noFallthroughCasesInSwitch', 'noPropertyAccessFromIndexSignature'],
  ...['verbatimModuleSyntax', 'isolatedModules'],
];

test('a compiler’s initial configuration asks for checked indices', () => {
  run(folder, 'rm', ['-f', 'tsconfig.json']);
  runWell(folder, process.execPath, [tool('ts7/bin/tsc'), '--init']);
  expect(readFileSync(join(folder, 'tsconfig.json'), 'utf8')).toContain('"noUncheckedIndexedAccess": true');
});
