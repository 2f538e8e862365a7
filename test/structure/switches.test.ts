import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../generator/', import.meta.url));
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'));

/** The lines of a file on which a switch has a way for whatever is not named. */
function defaults(file: string, text: string): readonly string[] {
  if (!/\bdefault\s*:/.test(text)) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isDefaultClause(node)) {
      found.push(`${file}:${source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

it('a switch names every case: what a union gains later is a compile error, not a silent default', () => {
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap((file) => defaults(file, readFileSync(folder + file, 'utf8')))).toEqual([]);
});

it('a default clause is found wherever it stands', () => {
  const text = 'const f = (x: 1 | 2) => {\n  switch (x) {\n    case 1: return 1;\n    default: return 2;\n  }\n};\n';
  expect(defaults('one.ts', text)).toEqual(['one.ts:4']);
});
