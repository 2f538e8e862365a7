import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { afterAll, expect, test } from 'vitest';
import { type Output, outputsOf } from '../../generator/commands/outputs.ts';
import type { ModuleOptions } from '../../generator/config/config.ts';

const folder = relative('.', mkdtempSync(join(tmpdir(), 'longhand-map-')));
afterAll(() => rmSync(folder, { recursive: true }));

const spec = `{
  // The names are those of the numbers in the code.
  "name": "net", "input": [6, 6, 1],
  "layers": [
    { "type": "conv2d", "filters": 2, "kernelSize": 3, "activation": "tanh" },
      { "type": "conv2d", "filters": 1, "kernelSize": 2, "activation": "relu" },
    { "type": "flatten" }, { "type": "dense", "units": 2, "activation": "tanh" }
  ],
  "loss": "squaredError"
}
`;

/** Lines and columns, counted from 1 and 0, at which the layers with the numbers 1 to 3 begin, and the loss. */
const places = { 1: [5, 4], 2: [6, 6], 3: [7, 27], loss: [9, 2] } as const;

async function outputs(file: string, options: ModuleOptions): Promise<ReadonlyMap<string, string>> {
  const { outcome } = await outputsOf({ spec: join(folder, file), out: join(folder, 'out/deep'), options });
  if (!('results' in outcome)) throw new Error(JSON.stringify(outcome.problems));
  return new Map(outcome.results.map(({ path, content }: Output) => [path, String(content)]));
}

/** What a reader of source maps finds for each line of a module. */
function traced(files: ReadonlyMap<string, string>, name: string) {
  const text = files.get(name)!;
  expect(text).toMatch(new RegExp(`\n//# sourceMappingURL=${name}\\.map\n$`));
  const map = new TraceMap(files.get(`${name}.map`)!);
  expect(map.file).toBe(name);
  return text.split('\n').map((line, n) => {
    const { source, line: row, column } = originalPositionFor(map, { line: n + 1, column: line.search(/\S|$/) });
    return { line, source, at: [row, column] };
  });
}

test.each([
  ...(['unrolled', 'fast'] as const).flatMap((form) => [
    { form, language: 'ts', file: 'net.ts' } as const,
    { form, language: 'js', file: 'net.js' } as const,
    { form, inference: true, file: 'net.ts' } as const,
  ]),
])('a statement leads to its layer in the spec: %o', async ({ file, ...options }) => {
  writeFileSync(join(folder, 'net.net.json'), spec);
  const lines = traced(await outputs('net.net.json', { ...options, sourceMap: true }), file);
  const seen = { 1: 0, 2: 0, 3: 0, loss: 0 };
  for (const { line, source, at } of lines) {
    // Numbers of a layer's own: sums, activations and their gradients; not those that are only loaded.
    const [, number] =
      /^ {4,}(?:const |let )?(?:[za]|d[zWb])(\d)(?:_\d+)*(?:\[[^\]]*\])? \+?= (?!\w+(?:\[[^\]]*\]|_)[,;])/.exec(line) ??
      [];
    const layer = /^ {4,}(?:const L|LArray_?\[0\]|L_?\[0\]) \+?= /.test(line) ? 'loss' : (number as '1' | undefined);
    if (layer === undefined) continue;
    seen[layer]++;
    expect({ line, at, source }).toEqual({ line, at: places[layer], source: '../../net.net.json' });
  }
  expect(Math.min(seen[1], seen[2], seen[3], 'inference' in options ? 1 : seen.loss)).toBeGreaterThan(0);
  const parameters = lines.filter(({ line }) => line.includes("'conv2d2/"));
  expect(parameters.map(({ at }) => at)).toEqual([places[2], places[2]]);
});

test('a module of WebAssembly leads from its parameters to their layers', async () => {
  writeFileSync(join(folder, 'net.net.json'), spec);
  const files = await outputs('net.net.json', { form: 'wasm', sourceMap: true, fileName: '[name].gen' });
  const found = traced(files, 'net.gen.ts').filter(({ line }) => line.includes("{ name: 'dense1/"));
  expect(found.map(({ at }) => at)).toEqual([places[3], places[3]]);
});

test('a spec in TypeScript is a source as well, and without the option a module is as it was', async () => {
  const text = `const last = { type: 'dense', units: 1 };\nexport default {\n  name: 'net', input: [2],\n  layers: [{ type: 'dense', units: 3 }, last],\n};\n`;
  writeFileSync(join(folder, 'own.net.ts'), text);
  const files = await outputs('own.net.ts', { form: 'fast', sourceMap: true });
  const lines = traced(files, 'net.ts');
  expect(new Set(lines.map(({ source }) => source))).toEqual(new Set([null, '../../own.net.ts']));
  expect(lines.find(({ line }) => line.includes("{ name: 'dense1/kernel'"))?.at).toEqual([4, 11]);
  const plain = await outputs('own.net.ts', { form: 'fast' });
  expect([...plain.keys()]).toEqual(['net.ts']);
  expect(files.get('net.ts')).toBe(`${plain.get('net.ts')}\n//# sourceMappingURL=net.ts.map\n`);
});
