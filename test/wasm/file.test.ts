import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dump, generate } from '../../generator/index.ts';
import { loadText } from '../execution/load.ts';
import { randomNumbers } from '../execution/randomNumbers.ts';
import { wasmText } from './loadWasm.ts';

const smallest = {
  name: 'smallest',
  input: [2, 5, 1],
  layers: [{ type: 'conv2d', filters: 1, kernelSize: 2, activation: 'relu' }],
  loss: 'squaredError',
};

const classifier = {
  name: 'classifier',
  input: [6, 6, 2],
  layers: [
    { type: 'conv2d', filters: 5, kernelSize: 3, padding: 'same', activation: 'gelu' },
    { type: 'flatten' },
    { type: 'dense', units: 3, activation: 'softmax' },
  ],
  optimizer: { type: 'adam' },
};

it('is written by generate as it is written here', async () => {
  const [{ path, content }] = generate(smallest, { form: 'wasm', inputGradient: true }) as [
    { path: string; content: string },
  ];
  expect(path).toBe('smallest.ts');
  expect(content).toBe(wasmText(smallest, { deterministic: false }));
  const model = (await loadText(content)).createModel();
  model.initialize(1);
  expect(model.forward(randomNumbers(10, 1)).some((value) => value > 0)).toBe(true);
});

it('has a text format with every equation as a comment above its loops', async () => {
  const text = dump(smallest, 'wat', { inputGradient: true });
  for (const line of dump(smallest, 'equations', { form: 'fast', inputGradient: true }).split('\n')) {
    const [, equation] = /^\S+: (.* = .*)$/.exec(line) ?? [];
    const [target] = equation?.split(' = ') ?? [];
    if (target !== undefined) expect(text).toContain(`;;   ${target} `);
  }
  await expect(text).toMatchFileSnapshot('smallest.wat');
});

describe('the file type-checks strictly', () => {
  const folder = mkdtempSync(join(tmpdir(), 'longhand-types-'));
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const files = [
    { name: 'training', spec: { ...classifier, loss: 'categoricalCrossentropy' }, options: { deterministic: false } },
    { name: 'withoutLoss', spec: classifier, options: { inputGradient: false } },
    { name: 'inference', spec: classifier, options: { inference: true } },
  ].map((one) => ({ ...one, path: join(folder, `${one.name}.ts`) }));

  beforeAll(() => {
    for (const { path, spec, options } of files) writeFileSync(path, wasmText(spec, options));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['the language alone', ['--lib', 'es2022']],
    [
      'a browser’s and Node’s types',
      ['--lib', 'es2022,dom', '--types', 'node', '--typeRoots', join(root, 'node_modules/@types')],
    ],
  ])('with %s', (_, flags) => {
    const checked = [...flags, ...files.map(({ path }) => path)];
    expect(
      errorsOf([
        '--noEmit',
        '--strict',
        '--skipLibCheck',
        '--noUnusedLocals',
        '--ignoreConfig',
        '--target',
        'es2022',
        ...checked,
      ]),
    ).toBe('');
  });

  function errorsOf(flags: readonly string[]): string {
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    try {
      return execFileSync(process.execPath, [compiler, ...flags], { encoding: 'utf8', cwd: folder });
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  }
});
