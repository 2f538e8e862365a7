import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readJson } from '../../generator/spec/json.ts';
import { placeInModule } from '../../generator/spec/placeInModule.ts';
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
    expect(await readSpec(file)).toMatchObject({ ok: true, spec: { name: 'a' }, problems: [] });
  });

  test.each([
    ['{\n  "name": }', '2:11: found "}"; expected a value'],
    ['{,}', '1:2: found ","; expected a name in double quotes'],
    ['[1,,2]', '1:4: found ","; expected a value'],
    ["{ 'name': 1 }", '1:3: found "\'"; expected a name in double quotes'],
    ['{ name: 1 }', '1:3: found "name"; expected a name in double quotes'],
    ['{ "name" 1 }', '1:10: found "1"; expected ":"'],
    ['{ "a": 1 "b": 2 }', '1:10: found "\\""; expected "," or "}"'],
    ['{ "a": "b }', '1:8: found "\\""; expected a string that ends on its line'],
    ['{ "a": 01 }', '1:9: found "1"; expected "," or "}"'],
    ['{ "a": 1 } x', '1:12: found "x"; expected the end of the file'],
    ['{ "a": 1, // why', '1:17: found the end of the file; expected a name in double quotes'],
    ['{ "a": 1 } /* why', '1:12: found "/"; expected a comment that ends: */'],
    ['{ "a": 1, / }', '1:11: found "/"; expected a name in double quotes'],
    ['{ "a": [1', '1:10: found the end of the file; expected "," or "]"'],
    ['// a comment', '1:13: found the end of the file; expected a value'],
    [
      '{ "a": "\\x" }',
      `1:9: found "\\\\"; expected \\", \\\\, \\/, \\b, \\f, \\n, \\r, \\t or \\u and four hex digits`,
    ],
    ['["\\u12g4"]', `1:3: found "\\\\"; expected \\", \\\\, \\/, \\b, \\f, \\n, \\r, \\t or \\u and four hex digits`],
    ['["\u0001"]', '1:2: found "\\""; expected a string that ends on its line'],
    ['{ "a": 1, "b" }', '1:15: found "}"; expected ":"'],
    ['[1]]', '1:4: found "]"; expected the end of the file'],
    [`[${'a'.repeat(50)}]`, `1:2: found "${'a'.repeat(40)}"; expected a value`],
  ])('that is not JSON is refused with the place: %s', async (text, problem) => {
    expect(await problemOf('bad.net.json', text)).toBe(`bad.net.json:${problem}`);
  });

  test.each([
    ['brackets', '['.repeat(200_000), '1:200001: found the end of the file; expected a value'],
    ['braces', '{"a":'.repeat(200_000), '1:1000001: found the end of the file; expected a value'],
    [
      'characters in a string',
      `"${'a'.repeat(5_000_000)}`,
      '1:1: found "\\""; expected a string that ends on its line',
    ],
    ['escapes in a string', `"${'\\n'.repeat(2_000_000)}" x`, '1:4000004: found "x"; expected the end of the file'],
  ])('is refused with the place behind any number of %s', async (_, text, problem) => {
    expect(await problemOf('long.net.json', text)).toBe(`long.net.json:${problem}`);
  });

  test.each(['{"a":[1,-2.5e+3,true,null,"\\u00e9\\n"],"b":{}}', ' [ ] ', '{ } ', '[[],[{}]]', '"x\u007f\u2028"', '0'])(
    'that is JSON says what JSON.parse reads in it: %s',
    (text) => {
      expect(readJson(text)).toMatchObject({ ok: true, value: JSON.parse(text) as unknown, problems: [] });
    },
  );

  test('may have comments, and commas behind a last element', () => {
    const text = '// head\n{ "a": [1, /* two */ 2,], // last\n "b": {"c": "// none",},\n}\n/* end */';
    expect(readJson(text)).toMatchObject({ ok: true, value: { a: [1, 2], b: { c: '// none' } }, problems: [] });
  });

  test('keeps a key that other objects inherit', () => {
    const read = readJson('{"__proto__": 1}');
    expect(read.ok && Object.hasOwn(read.value as object, '__proto__')).toBe(true);
  });

  test('with a key that stands twice is refused at the second place', async () => {
    writeFileSync(join(folder, 'twice.net.json'), '{\n  "name": "a",\n  "name": "b"\n}');
    const read = await readSpec(join(folder, 'twice.net.json'));
    expect(read.problems.map((problem) => formatProblem(problem, 'twice.net.json'))).toEqual([
      'twice.net.json:3:3: found "name" a second time, the first is at 2:3; expected every key once: remove one of them',
    ]);
  });

  test.each([
    ['UTF-16 with its mark', Buffer.from('\uFEFF{}', 'utf16le'), 'a text in UTF-16 (little-endian)'],
    ['UTF-16 the other way around', Buffer.from('\uFEFF{}', 'utf16le').swap16(), 'a text in UTF-16 (big-endian)'],
    ['UTF-16 without its mark', Buffer.from('{}', 'utf16le'), 'a text in UTF-16'],
    ['Latin-1', Buffer.from('{"é": 1}', 'latin1'), 'bytes that are no UTF-8'],
  ])('in %s is refused with advice', async (_, bytes, found) => {
    writeFileSync(join(folder, 'coded.net.json'), bytes);
    const problem = `coded.net.json: found ${found}; expected UTF-8: save the file as that`;
    expect(await problemOf('coded.net.json')).toBe(problem);
  });

  test('tells where its parts stand, and of one that is missing where it should', async () => {
    const file = join(folder, 'places.net.json');
    writeFileSync(file, '{\n  "layers": [\n    { "type": "dense",\n      "odd key": 1 }\n  ]\n}');
    const read = await readSpec(file);
    if (!read.ok) throw new Error('expected a spec');
    expect(await read.placeOf('layers[0].type')).toEqual({ line: 3, column: 7 });
    expect(await read.placeOf('layers[0]["odd key"]')).toEqual({ line: 4, column: 7 });
    expect(await read.placeOf('layers[0].units')).toEqual({ line: 3, column: 5 });
    expect(await read.placeOf('name')).toBeUndefined();
  });

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
      expect(await readSpec(file)).toMatchObject({ ok: true, spec: { name } });
    }
  });

  test('imports longhand without its being installed, and names what it imports', async () => {
    const file = join(folder, 'importing.net.ts');
    writeFileSync(join(folder, 'units.ts'), 'export const units: number = 3;');
    writeFileSync(
      file,
      "import { defineNetwork } from 'longhand';\nimport { units } from './units.ts';\nexport default defineNetwork({ units } as never);",
    );
    const read = await readSpec(file);
    expect(read).toMatchObject({ ok: true, spec: { units: 3 } });
    expect(read.files).toEqual([file, join(folder, 'units.ts')]);
  });

  test.each([
    ['an object', 'export default {\n  layers: [\n    { units: 1 },\n  ],\n};'],
    ['a call', 'export default defineNetwork({\n  layers: [\n    { units: 1 },\n  ],\n});'],
    ['a constant', 'const layers = [\n\n    { units: 1 }];\nconst spec = { layers };\nexport default spec as object;'],
  ])('tells where the parts of %s stand', (_, text) => {
    expect(placeInModule(text, 'layers[0].units')).toEqual({ line: 3, column: 7 });
  });

  test('tells of what it computes the nearest part that is written out', () => {
    const text = 'export default {\n  layers: [...others, { units: 1 }],\n};';
    expect(placeInModule(text, 'layers[0].units')).toEqual({ line: 2, column: 3 });
  });

  test('of plain JavaScript gives its default export', async () => {
    const file = join(folder, 'good.net.mjs');
    writeFileSync(file, "export default { name: 'a' };");
    expect(await readSpec(file)).toMatchObject({ ok: true, spec: { name: 'a' }, problems: [] });
  });

  test('without a default export is refused', async () => {
    const problem = `no.net.ts: found no default export; ${advice}`;
    expect(await problemOf('no.net.ts', 'export const network = 1;')).toBe(problem);
  });

  test('that throws is refused in one line', async () => {
    const problem = await problemOf('throws.net.ts', "throw new Error('no luck\\nat all');");
    expect(problem).toBe(`throws.net.ts:1:1: found a module that fails: Error: no luck; ${advice}`);
  });

  test('that is not TypeScript is refused in one line', async () => {
    const problem = await problemOf('syntax.net.ts', 'export default {{;');
    expect(problem).toMatch(/^syntax\.net\.ts:1:\d+: found a module that fails: .*; expected export default/);
    expect(problem).not.toContain('\n');
  });
});
