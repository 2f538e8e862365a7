import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { installedProject, netSpec, runWell, tool, write } from './harness.ts';

const folder = installedProject(
  { type: 'module' },
  {
    'net.net.json': JSON.stringify(netSpec),
    'longhand.config.json': JSON.stringify({
      specs: 'net.net.json',
      out: 'generated',
      language: 'js',
      typedImports: true,
    }),
    'main.js':
      "import { createModel } from './net.net.json?longhand';\nconsole.log(createModel().forward(new Array(36).fill(1)).join());",
  },
);
const url = (path: string): string => JSON.stringify(pathToFileURL(tool(path)).href);
const third = 1 / 3;
const vite = (name: string) => `import { build } from ${url(`${name}/dist/node/index.js`)};
  await build({ logLevel: 'error', plugins: [longhand.vite()], build: { outDir: 'out', lib: { entry: 'main.js', formats: ['es'], fileName: 'main' } } });`;
const packed = (path: string, name: string) => `import ${name} from ${url(path)};
  const compiler = ${name}({ mode: 'production', target: 'node', entry: './main.js', output: { path: process.cwd() + '/out', filename: 'main.cjs' }, plugins: [longhand.${name}()] });
  await new Promise((done, fail) => compiler.run((error, stats) => error || stats.hasErrors() ? fail(error ?? stats.toString()) : compiler.close(done)));`;

const builds: Record<string, string> = {
  vite7: vite('vite7'),
  vite8: vite('vite8'),
  rollup: `import { rollup } from ${url('rollup/dist/es/rollup.js')};
    const bundle = await rollup({ input: 'main.js', plugins: [longhand.rollup()] });
    await bundle.write({ dir: 'out' });`,
  esbuild: `import { build } from ${url('esbuild/lib/main.js')};
    await build({ entryPoints: ['main.js'], bundle: true, format: 'esm', outdir: 'out', plugins: [longhand.esbuild()] });`,
  webpack: packed('webpack/lib/index.js', 'webpack'),
  rspack: packed('@rspack/core/dist/index.js', 'rspack').replace('import rspack', 'import { rspack }'),
};

describe.each(Object.entries(builds))('%s', (name, program) => {
  test('builds a program that imports a spec', () => {
    runWell(folder, 'rm', ['-rf', 'out', 'generated']);
    write(folder, { [`${name}.mjs`]: `import longhand from 'longhand/plugin';\n${program}` });
    runWell(folder, process.execPath, [`${name}.mjs`]);
    const [main] = readdirSync(join(folder, 'out')).filter((file) => /^main\.\w?js$/.test(file));
    expect(runWell(folder, process.execPath, [join('out', main!)])).toBe(`${[third, third, third].join()}\n`);
    expect(readdirSync(join(folder, 'generated')).sort()).toEqual(['longhand.d.ts', 'net.d.ts', 'net.js']);
  });
});
