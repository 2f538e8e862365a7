import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { globSync } from 'tinyglobby';

const root = resolve(import.meta.dirname, '../..');

/** What a command said, and how it ended. */
export interface Ran {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a command to its end; nothing that it asks is answered. */
export function run(folder: string, command: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): Ran {
  const { status, stdout, stderr, error } = spawnSync(command, words, {
    cwd: folder,
    encoding: 'utf8',
    input: '',
    timeout: 590_000,
    maxBuffer: 2 ** 28,
    env: { ...process.env, CI: 'true', NO_COLOR: '1', ...env },
  });
  return { code: status, output: `${stdout}${stderr}${error === undefined ? '' : String(error)}` };
}

/** Runs a command that must succeed. */
export function runWell(folder: string, command: string, words: readonly string[]): string {
  const { code, output } = run(folder, command, words);
  if (code !== 0) throw new Error(`${command} ${words.join(' ')} exits ${code}:\n${output}`);
  return output;
}

let packed: string | undefined;

/** The tarball that npm would publish, built and packed once for each state of the sources. */
export function tarball(): string {
  packed ??= kept(
    'pack',
    globSync(['generator/**', 'templates/**', 'package.json', 'tsconfig*.json', 'README.md'], { cwd: root }),
    (folder) => {
      runWell(root, 'npm', ['pack', '--silent', '--pack-destination', folder]);
    },
  );
  return join(packed, readdirSync(packed).find((name) => name.endsWith('.tgz')) as string);
}

/** A folder for temporary files, filled once for each state of what it is made from. */
function kept(name: string, from: readonly string[], fill: (folder: string) => void): string {
  const hash = createHash('sha256');
  for (const file of from.toSorted()) hash.update(file).update(readFileSync(resolve(root, file)));
  const folder = join(tmpdir(), `longhand-${name}-${hash.digest('hex').slice(0, 10)}`);
  if (existsSync(folder)) return folder;
  const unfinished = mkdtempSync(`${folder}-`);
  fill(unfinished);
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Another run may have finished the same folder meanwhile.
    if (!existsSync(folder)) throw error;
    rmSync(unfinished, { recursive: true });
  }
  return folder;
}

/** A project of its own in a temporary folder. */
export function makeProject(manifest: object, files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'longhand-project-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  write(folder, { 'package.json': JSON.stringify({ name: 'project', version: '1.0.0', ...manifest }), ...files });
  return folder;
}

export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

/** A project with longhand installed from the tarball by npm. */
export function installedProject(manifest: object, files: Readonly<Record<string, string>> = {}): string {
  const folder = makeProject(manifest, files);
  runWell(folder, 'npm', ['install', '--save-dev', '--no-audit', '--no-fund', tarball()]);
  return folder;
}

/** The command as `npx longhand` finds it. */
export const longhand = (folder: string, ...words: readonly string[]): Ran =>
  run(folder, join(folder, 'node_modules/.bin/longhand'), words);

let tools: string | undefined;

/**
 * The path of something in other people's tools: compilers, bundlers, engines. They are installed once for each list
 * of them, without their install scripts, and kept in the folder for temporary files.
 */
export function tool(path: string): string {
  tools ??= kept('tools', [list], (folder) => {
    copyFileSync(resolve(root, list), join(folder, 'package.json'));
    runWell(folder, 'npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts']);
  });
  return join(tools, 'node_modules', path);
}

const list = 'test/package/tools.json';

/** A small network with most of what networks have. */
export const netSpec = {
  name: 'net',
  input: [6, 6, 1],
  layers: [
    { type: 'conv2d', filters: 2, kernelSize: 3, padding: 'same', activation: 'relu' },
    { type: 'maxPooling2d' },
    { type: 'flatten' },
    { type: 'dense', units: 3, activation: 'softmax' },
  ],
  loss: 'categoricalCrossentropy',
  optimizer: { type: 'adam' },
};

/** Every form, for training and for prediction alone. */
export const modules = (['unrolled', 'fast', 'wasm'] as const).flatMap((form) => [
  { form, inference: false, fileName: `[name].${form}` },
  { form, inference: true, fileName: `[name].${form}.inference` },
]);

/** A configuration that writes `generated/net.<form>.ts` and `generated/net.<form>.inference.ts`. */
export const everyForm = JSON.stringify({
  out: 'generated',
  specs: modules.map((one) => ({ spec: 'net.net.json', ...one })),
});
