import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generate } from '../../generator/index.ts';
import { pathOf, typeErrors } from './typeErrors.ts';

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

it('every generated module compiles under every flag of strictness, without any types but the language', () => {
  expect(typeErrors(readdirSync(pathOf('generated')).map((file) => pathOf(`generated/${file}`)))).toBe('');
});

it('the compiler refuses numbers that it knows to be too many or too few, and takes those whose length it does not know', () => {
  const folder = mkdtempSync(join(tmpdir(), 'longhand-'));
  try {
    const spec = { name: 'four', input: [4], layers: [{ type: 'dense', units: 1 }], loss: 'squaredError' };
    for (const { path, content } of generate(spec)) writeFileSync(join(folder, path), content);
    const uses = [
      "import { createModel } from './four.js';",
      'const model = createModel(new Float32Array(5));',
      'export function use(plain: readonly number[], some: ArrayLike<number>, three: [number, number, number]): void {',
      'model.forward(plain); model.forward(new Float32Array(4)); model.forward(some); model.forward([...plain]);',
      'model.forward([1, 2, 3, 4]); model.backward([1]); model.backward(plain); createModel(plain);',
      'model.forward([1, 2, 3]);',
      'model.forward(three);',
      'model.backward([1, 2]);',
      'createModel([1, 2, 3, 4]);',
      "model.forward(['a', 'b', 'c', 'd']);",
      '}',
    ];
    writeFileSync(join(folder, 'user.ts'), uses.join('\n'));
    const found = typeErrors([join(folder, 'user.ts')]);
    const lines = new Set([...found.matchAll(/user\.ts\((\d+),/g)].map(([, line]) => Number(line)));
    expect([...lines]).toEqual([6, 7, 8, 9, 10]);
    for (const length of ['expectedLength: 4', 'expectedLength: 1', 'expectedLength: 5'])
      expect(found).toContain(length);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
