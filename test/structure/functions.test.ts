import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const most = 40;

const folder = fileURLToPath(new URL('../../generator/', import.meta.url));
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'));

/** Longer than the rule: none, and none is to come. */
const exceptions: readonly string[] = [];

/** The functions, methods and arrows of more lines than `most`, docstrings not counted, under the names they are known by. */
function longFunctions(file: string, text: string): readonly string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const lineAt = (position: number): number => source.getLineAndCharacterOfPosition(position).line;
  const found: string[] = [];
  const visit = (node: ts.Node, around: string): void => {
    if (lineAt(node.end) - lineAt(node.getStart(source)) < most) return;
    const name = ownName(node)?.getText(source) ?? around;
    if (ts.isFunctionLike(node)) found.push(`${file} ${name}`);
    ts.forEachChild(node, (child) => visit(child, name));
  };
  visit(source, 'module');
  return found;
}

/** What a declaration calls itself, or what it gives a value; an arrow goes by the name around it. */
function ownName(node: ts.Node): ts.Node | undefined {
  const isNamed =
    ts.isFunctionLike(node) ||
    ts.isVariableDeclaration(node) ||
    ts.isPropertyAssignment(node) ||
    ts.isPropertyDeclaration(node);
  return isNamed ? node.name : undefined;
}

it(`a function has at most ${most} lines`, () => {
  expect(files.length).toBeGreaterThan(100);
  const found = files.flatMap((file) => longFunctions(file, readFileSync(folder + file, 'utf8')));
  expect(found.toSorted()).toEqual(exceptions.toSorted());
});

it('functions, methods and arrows are counted alike', () => {
  const body = '  call();\n'.repeat(most - 2);
  const [declared, longer] = [`function f() {\n${body}}\n`, `function g() {\n${body}  call();\n}\n`];
  expect(longFunctions('one.ts', declared)).toEqual([]);
  expect(longFunctions('one.ts', longer)).toEqual(['one.ts g']);
  expect(longFunctions('one.ts', `class A {\n${longer.replace('function ', '')}}\n`)).toEqual(['one.ts g']);
  expect(longFunctions('one.ts', `const h = () => {\n${body}  call();\n};\n`)).toEqual(['one.ts h']);
  expect(longFunctions('one.ts', `const o = {\n  k: () => {\n${body}  call();\n},\n};\n`)).toEqual(['one.ts k']);
  expect(longFunctions('one.ts', `run(() => {\n${body}  call();\n});\n`)).toEqual(['one.ts module']);
});
