import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { type FormContender, generated } from '../contenders/longhand.ts';
import type { NetworkSpec } from '../core/network.ts';
import { peerFolder, versionOf } from '../core/peers.ts';
import { Absent } from '../core/runner.ts';

export interface Size {
  readonly minified: number;
  readonly gzipped: number;
}

export interface SizeRow {
  readonly name: string;
  readonly what: string;
  /** Undefined where there is none, with the reason in `what`. */
  readonly size?: Size;
}

/** Libraries as a bundler takes them in, and the binaries that they load at run time. */
const LIBRARIES = [
  { name: '@tensorflow/tfjs', binaries: [] },
  { name: '@tensorflow/tfjs-backend-wasm', binaries: ['dist/tfjs-backend-wasm-simd.wasm'] },
  { name: 'onnxruntime-web', entry: 'onnxruntime-web/wasm', binaries: ['dist/ort-wasm-simd-threaded.wasm'] },
  { name: '@jax-js/jax', binaries: [] },
  { name: 'convnetjs', binaries: [] },
  { name: 'synaptic', binaries: [] },
] as const;

/** Sizes of generated modules, with the parameters still outside, and of the peers' libraries. */
export async function measureSizes(specs: readonly NetworkSpec[], forms: readonly FormContender[]): Promise<SizeRow[]> {
  const rows: SizeRow[] = [];
  for (const spec of specs) {
    for (const { name, form } of forms) {
      for (const inference of [true, false]) {
        rows.push(await formRow(`${spec.name.toUpperCase()}, ${name}`, spec, { form, inference }));
      }
    }
  }
  for (const library of LIBRARIES) rows.push(await libraryRow(library));
  return rows;
}

async function formRow(
  name: string,
  spec: NetworkSpec,
  options: { readonly form: FormContender['form']; readonly inference: boolean },
): Promise<SizeRow> {
  const what = options.inference ? 'forward only' : 'with training';
  try {
    const { code } = await transform(await generated(spec, options), { minify: true, format: 'esm' });
    return { name, what, size: sizeOf([Buffer.from(code)]) };
  } catch (error) {
    if (!(error instanceof Absent)) throw error;
    return { name, what: error.message };
  }
}

async function libraryRow(library: (typeof LIBRARIES)[number]): Promise<SizeRow> {
  const entry = 'entry' in library ? library.entry : library.name;
  const { outputFiles } = await build({
    // All of it stays: what a bundler could drop depends on the program.
    stdin: {
      contents: `import * as library from '${entry}'; globalThis.library = library;`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
    external: ['fs', 'path', 'os', 'util', 'crypto', 'worker_threads', 'perf_hooks', 'module'],
  });
  const binaries = library.binaries.map((path) => readFileSync(join(peerFolder(library.name), path)));
  const what = `library ${versionOf(library.name)}, whole${binaries.length > 0 ? ', with its WebAssembly' : ''}`;
  return {
    name: library.name,
    what,
    size: sizeOf([...outputFiles.map(({ contents }) => Buffer.from(contents)), ...binaries]),
  };
}

function sizeOf(files: readonly Buffer[]): Size {
  const total = (of: (file: Buffer) => Buffer): number => files.reduce((sum, file) => sum + of(file).length, 0);
  return { minified: total((file) => file), gzipped: total((file) => gzipSync(file, { level: 9 })) };
}
