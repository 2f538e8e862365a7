import { ts } from 'ts-morph';
import { expect, test } from 'vitest';
import { eraseTypes } from '../../generator/check/eraseTypes.ts';
import { type GeneratedModule, loadModule } from '../../generator/check/module.ts';
import { generate } from '../../generator/index.ts';

const erase = (text: string) => eraseTypes(ts.createSourceFile('text.ts', text, ts.ScriptTarget.ES2022));

test.each([
  ['const a: number = 1;', 'const a = 1;'],
  ['let a!: number;', 'let a;'],
  ['const a = [1, 2] as const;', 'const a = [1, 2];'],
  ['const a = b! + (c satisfies number);', 'const a = b + (c);'],
  ['function f(a: number, b?: ArrayLike<number>): void {}', 'function f(a, b) {}'],
  ['const f = <T>(a: T = g<T>(1)): T => a;', 'const f = (a = g(1)) => a;'],
  ['const m = new Map<string, number>();', 'const m = new Map();'],
  ['interface A { readonly b: number }\ntype C = A;\ndeclare const d: number;\nf();', '\nf();'],
  ['const a = b < c ? d : e; // a: number', 'const a = b < c ? d : e; // a: number'],
  ['const a = { b: c, d: f(e as number) };', 'const a = { b: c, d: f(e) };'],
])('%s', (text, expected) => {
  expect(erase(text)).toBe(expected);
});

test('a sum of very many terms is no deeper than any other', () => {
  const sum = `const a = ${Array.from({ length: 20_000 }, (_, n) => `x[${n}]!`).join(' + ')};`;
  expect(erase(sum)).toBe(sum.replaceAll('!', ''));
});

test('a generated module runs as the compiler would have it', () => {
  const spec = { name: 'small', input: [3], layers: [{ type: 'dense', units: 2, activation: 'gelu' }] };
  const text = generate(spec, { inputGradient: true })[0]!.content;
  const { module, target } = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
  const compiled: Partial<GeneratedModule> = {};
  new Function('exports', ts.transpileModule(text, { compilerOptions: { module, target } }).outputText)(compiled);
  const models = [loadModule(text), compiled as GeneratedModule].map(({ createModel }) => {
    const model = createModel([1, 2, 3, 4, 5, 6, 7, 8]);
    model.forward([0.1, 0.2, -0.3]);
    model.backward([1, -2]);
    return { output: model.output, gradients: model.gradients };
  });
  expect(models[0]).toEqual(models[1]);
  expect(models[0]!.gradients.every((value) => value !== 0)).toBe(true);
});
