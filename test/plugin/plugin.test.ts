import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build as esbuild } from 'esbuild';
import { createServer, build as vite } from 'vite';
import { afterAll, expect, test, vi } from 'vitest';
import { generate } from '../../generator/index.ts';
import { longhand } from '../../generator/plugin/index.ts';
import { typeErrors } from '../execution/typeErrors.ts';

vi.setConfig({ testTimeout: 60_000 });

// Watchers tell the paths to which links lead.
const root = realpathSync(mkdtempSync(join(tmpdir(), 'longhand-plugin-')));
afterAll(() => rmSync(root, { recursive: true }));

const spec = { name: 'net', input: [3], layers: [{ type: 'dense', units: 2 }], loss: 'squaredError' };

/** A project with one spec and a module that uses its model. */
function project(name: string, content: object = spec) {
  const folder = join(root, name);
  mkdirSync(folder);
  writeFileSync(join(folder, 'net.net.json'), JSON.stringify(content));
  writeFileSync(
    join(folder, 'main.ts'),
    "import { createModel } from './net.gen.ts';\nconsole.log(createModel().forward([1, 2, 3]).length);",
  );
  const config = { specs: join(folder, '*.net.json'), out: folder, fileName: '[name].gen' };
  return { folder, config, generated: join(folder, 'net.gen.ts'), entry: join(folder, 'main.ts') };
}

test('esbuild finds the module that the plugin writes, which is the command line’s', async () => {
  const { config, entry, generated } = project('esbuild');
  const plugins = [longhand.esbuild(config)];
  const { outputFiles } = await esbuild({ entryPoints: [entry], bundle: true, write: false, format: 'esm', plugins });
  expect(outputFiles[0]!.text).toContain('function createModel');
  expect(readFileSync(generated, 'utf8')).toBe(generate(spec)[0]!.content);
});

test('so does Vite', async () => {
  const { folder, config, entry } = project('vite');
  const output = await vite({
    root: folder,
    logLevel: 'silent',
    plugins: [longhand.vite(config)],
    build: { write: false, minify: false, lib: { entry, formats: ['es'] } },
  });
  expect(JSON.stringify(output)).toContain('function createModel');
});

test('a build ends at a broken spec, with its place', async () => {
  const { config, entry } = project('broken', { ...spec, loss: 'squaredEror' });
  const plugins = [longhand.esbuild(config)];
  const build = esbuild({ entryPoints: [entry], bundle: true, write: false, logLevel: 'silent', plugins });
  await expect(build).rejects.toThrow(
    /net\.net\.json:1:\d+: loss: found "squaredEror"; .*did you mean "squaredError"\?/,
  );
});

test('Vite’s server generates again after a change and shows what is wrong at its place until it is mended', async () => {
  const { folder, config, generated } = project('server');
  const server = await createServer({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    // The watcher drops a second change within 50 ms of the first: it looks less often than that.
    server: { middlewareMode: true, ws: false, watch: { usePolling: true, interval: 150 } },
    plugins: [longhand.vite(config)],
  });
  try {
    expect(readFileSync(generated, 'utf8')).toBe(generate(spec)[0]!.content);
    const sent: object[] = [];
    server.ws.send = (payload: unknown) => void sent.push(payload as object);
    await vi.waitFor(() => expect(Object.keys(server.watcher.getWatched())).toContain(folder), { timeout: 10_000 });
    const file = join(folder, 'net.net.json');
    writeFileSync(file, JSON.stringify({ ...spec, loss: 'squaredEror' }));
    await vi.waitFor(() => expect(sent).toContainEqual(errorLike), { timeout: 20_000 });
    const wider = { ...spec, input: [5] };
    writeFileSync(file, JSON.stringify(wider));
    await vi.waitFor(() => expect(readFileSync(generated, 'utf8')).toBe(generate(wider)[0]!.content), {
      timeout: 20_000,
    });
    await vi.waitFor(() => expect(sent).toContainEqual({ type: 'full-reload' }), { timeout: 10_000 });
  } finally {
    await server.close();
  }
});

const errorLike = expect.objectContaining({
  type: 'error',
  err: expect.objectContaining({
    message: expect.stringContaining('did you mean "squaredError"?'),
    loc: { file: expect.stringContaining('net.net.json'), line: 1, column: expect.any(Number) },
  }),
});

test('an import of a spec is its module, with the types of its module', async () => {
  const { folder, config } = project('typed');
  const entry = join(folder, 'typed.ts');
  writeFileSync(
    entry,
    `import { createModel, network } from './net.net.json?longhand';
import { createModel as createOnly } from './net.net.json?longhand=net.only';
export const length: 2 = createModel().forward([1, 2, 3]).length === 2 ? network.outputShape[0] : createOnly().output.length as 2;
// @ts-expect-error: the network has three inputs
createModel().forward([1]);`,
  );
  const specs = [config.specs, { spec: config.specs, inference: true, fileName: '[name].only' }];
  const plugins = [longhand.esbuild({ ...config, specs, typedImports: true })];
  const { outputFiles } = await esbuild({ entryPoints: [entry], bundle: true, write: false, format: 'esm', plugins });
  expect(outputFiles[0]!.text.match(/function createModel\d*\(/g)).toHaveLength(2);
  expect(readFileSync(join(folder, 'longhand.d.ts'), 'utf8')).toContain(
    "export const createModel: typeof import('./net.gen.js').createModel;",
  );
  expect(typeErrors([entry, join(folder, 'longhand.d.ts')])).toBe('');
});

test('an import of a spec that the configuration does not name says so', async () => {
  const { folder, config } = project('unnamed');
  const entry = join(folder, 'unnamed.js');
  writeFileSync(entry, "export * from './other.net.json?longhand';");
  const plugins = [longhand.esbuild(config)];
  const build = esbuild({ entryPoints: [entry], bundle: true, write: false, logLevel: 'silent', plugins });
  await expect(build).rejects.toThrow(/other\.net\.json\?longhand: found no such spec .* expected it among its specs/);
});
