import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { locateJsonError } from '../../generator/spec/locate-json-error.ts';
import { formatProblem } from '../../generator/spec/problem.ts';
import { readSpec } from '../../generator/spec/read.ts';

const folder = mkdtempSync(join(tmpdir(), 'longhand-read-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function problemOf(name: string, content?: string): Promise<string> {
  const file = join(folder, name);
  if (content !== undefined) writeFileSync(file, content);
  const result = await readSpec(file);
  if (result.ok) throw new Error('expected a problem');
  return result.problems.map((problem) => formatProblem(problem, name)).join('\n');
}

describe('a file of JSON', () => {
  test('is read, with a byte order mark too', async () => {
    const file = join(folder, 'bom.net.json');
    writeFileSync(file, '\uFEFF{"name": "a"}');
    expect(await readSpec(file)).toEqual({ ok: true, spec: { name: 'a' } });
  });

  test.each([
    ['{\n  "name": }', 'line 2, column 11: found "}"; expected a value'],
    [
      '{\n  "name": "a",\n}',
      'line 3, column 1: found "}"; expected a name in double quotes: no comma stands before "}"',
    ],
    ['[1, 2,]', 'line 1, column 7: found "]"; expected a value: no comma stands before "]"'],
    ["{ 'name': 1 }", 'line 1, column 3: found "\'"; expected a name in double quotes'],
    ['{ name: 1 }', 'line 1, column 3: found "name"; expected a name in double quotes'],
    ['{ "name" 1 }', 'line 1, column 10: found "1"; expected ":"'],
    ['{ "a": 1 "b": 2 }', 'line 1, column 10: found "\\""; expected "," or "}"'],
    ['{ "a": "b }', 'line 1, column 8: found "\\""; expected a string that ends on its line'],
    ['{ "a": 01 }', 'line 1, column 9: found "1"; expected "," or "}"'],
    ['{ "a": 1 } x', 'line 1, column 12: found "x"; expected the end of the file'],
    ['{ "a": 1, // why', 'line 1, column 11: found "/"; expected a name in double quotes'],
    ['{ "a": [1', 'line 1, column 10: found the end of the file; expected "," or "]"'],
    ['// a comment', 'line 1, column 1: found "/"; expected a value'],
    [
      '{ "a": "\\x" }',
      `line 1, column 9: found "\\\\"; expected \\", \\\\, \\/, \\b, \\f, \\n, \\r, \\t or \\u and four hex digits`,
    ],
    [
      '["\\u12g4"]',
      `line 1, column 3: found "\\\\"; expected \\", \\\\, \\/, \\b, \\f, \\n, \\r, \\t or \\u and four hex digits`,
    ],
    ['["\u0001"]', 'line 1, column 2: found "\\""; expected a string that ends on its line'],
    ['{ "a": 1, "b" }', 'line 1, column 15: found "}"; expected ":"'],
    [
      '{ "a": [{}, {"b": []}], }',
      'line 1, column 25: found "}"; expected a name in double quotes: no comma stands before "}"',
    ],
    ['[1]]', 'line 1, column 4: found "]"; expected the end of the file'],
    [`[${'a'.repeat(50)}]`, `line 1, column 2: found "${'a'.repeat(40)}"; expected a value`],
  ])('that is not JSON is refused with the place: %s', async (text, problem) => {
    expect(await problemOf('bad.net.json', text)).toBe(`bad.net.json: ${problem}`);
  });

  test.each([
    ['brackets', '['.repeat(200_000), 'line 1, column 200001: found the end of the file; expected a value'],
    ['braces', '{"a":'.repeat(200_000), 'line 1, column 1000001: found the end of the file; expected a value'],
    [
      'characters in a string',
      `"${'a'.repeat(5_000_000)}`,
      'line 1, column 1: found "\\""; expected a string that ends on its line',
    ],
    [
      'escapes in a string',
      `"${'\\n'.repeat(2_000_000)}" x`,
      'line 1, column 4000004: found "x"; expected the end of the file',
    ],
  ])('is refused with the place behind any number of %s', async (_, text, problem) => {
    expect(await problemOf('long.net.json', text)).toBe(`long.net.json: ${problem}`);
  });

  test.each(['{"a":[1,-2.5e+3,true,null,"\\u00e9\\n"],"b":{}}', ' [ ] ', '{ } ', '[[],[{}]]', '"x\u007f\u2028"', '0'])(
    'that is JSON has no wrong place: %s',
    (text) => {
      expect(locateJsonError(text)).toBeUndefined();
    },
  );

  test('that is empty is refused', async () => {
    expect(await problemOf('empty.net.json', ' \n')).toBe(
      'empty.net.json: found an empty file; expected a network spec',
    );
  });
});

describe('a path', () => {
  test('to nothing is refused', async () => {
    expect(await problemOf('absent.net.json')).toBe('absent.net.json: found no such file; expected a network spec');
  });

  test('to a folder is refused', async () => {
    expect(await problemOf('.')).toBe(
      ".: found a folder; expected a file; quote a pattern for several: 'folder/*.net.json'",
    );
  });

  test('to a file of another kind is refused', async () => {
    expect(await problemOf('a.yaml', 'name: a')).toBe(
      'a.yaml: found a .yaml file; expected a .net.json or .net.ts file',
    );
  });
});

describe('a module', () => {
  const advice = 'expected export default defineNetwork({ … })';

  test('gives its default export, and anew after a change', async () => {
    const file = join(folder, 'good.net.ts');
    for (const name of ['first', 'second']) {
      writeFileSync(file, `const name: string = '${name}';\nexport default { name };`);
      expect(await readSpec(file)).toEqual({ ok: true, spec: { name } });
    }
  });

  test('of plain JavaScript gives its default export', async () => {
    const file = join(folder, 'good.net.mjs');
    writeFileSync(file, "export default { name: 'a' };");
    expect(await readSpec(file)).toEqual({ ok: true, spec: { name: 'a' } });
  });

  test('without a default export is refused', async () => {
    const problem = `no.net.ts: found no default export; ${advice}`;
    expect(await problemOf('no.net.ts', 'export const network = 1;')).toBe(problem);
  });

  test('that throws is refused in one line', async () => {
    const problem = await problemOf('throws.net.ts', "throw new Error('no luck\\nat all');");
    expect(problem).toBe(`throws.net.ts: found a module that fails: Error: no luck; ${advice}`);
  });

  test('that is not TypeScript is refused in one line', async () => {
    const problem = await problemOf('syntax.net.ts', 'export default {{;');
    expect(problem).toMatch(/^syntax\.net\.ts: found a module that fails: .*; expected export default/);
    expect(problem).not.toContain('\n');
  });
});
