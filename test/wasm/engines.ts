/**
 * Whether a deterministic module gives the same bits on every engine: Node 20, 22 and 24, and Chromium where there is
 * one. Takes a minute and the network, so that it is run by hand:
 *
 *     npx tsx test/wasm/engines.ts
 *
 * The engines are installed into a temporary folder; Chromium is looked for in the PATH.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { transform } from 'esbuild';
import { activationNames } from '../../generator/layers/options.ts';
import { wasmText } from './loadWasm.ts';

const nodeVersions = [20, 22, 24];
const browserNames = ['chromium', 'chromium-browser', 'google-chrome'];

const specs = activationNames.map((activation) => ({
  name: activation,
  input: [6, 5, 3],
  layers: [
    { type: 'conv2d', filters: 5, kernelSize: 3, padding: 'same', activation },
    { type: 'maxPooling2d' },
    { type: 'depthwiseConv2d', kernelSize: 2, padding: 'same' },
    { type: 'flatten' },
    { type: 'dense', units: 7, activation: 'softmax' },
  ],
  loss: 'categoricalCrossentropy',
  optimizer: { type: 'adam' },
}));

/** Trains, then gives the bits of all parameters and of an output as one number; appended to a module's text. */
const bitsOf = `
export function bits() {
  const model = createModel();
  model.initialize(7);
  const inputSize = network.inputShape.reduce((product, size) => product * size, 1);
  const numbers = (count, seed) => Array.from({ length: count }, (_, n) => ((n * 7919 + seed * 104729) % 1009) / 504 - 1);
  for (let step = 0; step < 20; step++) {
    const targets = numbers(5 * 7, step).map(Math.abs);
    model.trainBatch(numbers(5 * inputSize, step), targets, 5, 0.01);
  }
  const output = model.forward(numbers(inputSize, 99));
  let hash = 2166136261;
  for (const part of [model.parameters, output]) {
    for (const word of new Uint32Array(part.slice().buffer)) hash = Math.imul(hash ^ word, 16777619);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
`;

interface Result {
  readonly engine: string;
  /** Of each network in turn; what is missing in its absence. */
  readonly bits: readonly string[] | string;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'longhand-engines-'));
  try {
    const codes = await Promise.all(specs.map(codeOf));
    const files = codes.map((code, n) => {
      const file = join(folder, `${specs[n]!.name}.mjs`);
      writeFileSync(file, code);
      return file;
    });
    const results = [
      ...nodeVersions.map((version) => runNode(version, folder, files)),
      await runBrowser(folder, codes),
    ];
    report(results);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function codeOf(spec: (typeof specs)[number]): Promise<string> {
  const text = wasmText(spec, { deterministic: true, inputGradient: false });
  return (await transform(text + bitsOf, { loader: 'ts', format: 'esm' })).code;
}

function install(folder: string, name: string): string {
  const prefix = join(folder, name.replace(/\W/g, '-'));
  execFileSync('npm', ['install', '--prefix', prefix, '--no-audit', '--no-fund', name], { stdio: 'pipe' });
  return join(prefix, 'node_modules');
}

function runNode(version: number, folder: string, files: readonly string[]): Result {
  const program = join(install(folder, `node@${version}`), 'node/bin/node');
  const script = `
    for (const file of process.argv.slice(1)) console.log((await import(file)).bits());
    console.log(process.version);`;
  const lines = execFileSync(program, ['--input-type=module', '--eval', script, ...files], { encoding: 'utf8' });
  const bits = lines.trim().split('\n');
  return { engine: `Node ${bits.pop()}`, bits };
}

interface Browser {
  version(): string;
  newPage(): Promise<{ evaluate(script: string): Promise<unknown> }>;
  close(): Promise<void>;
}

async function runBrowser(folder: string, codes: readonly string[]): Promise<Result> {
  const executablePath = findProgram(browserNames);
  if (executablePath === undefined) {
    return { engine: 'Chromium', bits: `skipped: found none of ${browserNames.join(', ')} in the PATH` };
  }
  const modules = install(folder, 'playwright-core');
  const { chromium } = createRequire(join(modules, 'here.js'))('playwright-core') as {
    chromium: { launch(options: object): Promise<Browser> };
  };
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const bits: string[] = [];
    for (const code of codes) {
      const url = `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
      bits.push((await page.evaluate(`import('${url}').then((module) => module.bits())`)) as string);
    }
    return { engine: `Chromium ${browser.version()}`, bits };
  } finally {
    await browser.close();
  }
}

function findProgram(names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const files = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return files.find((file) => existsSync(file));
}

/** One line for each engine; exit code 1 where the bits of two differ. */
function report(results: readonly Result[]): void {
  const ran = results.filter((result) => typeof result.bits !== 'string');
  const [first] = ran;
  for (const { engine, bits } of results) {
    const differing = specs.filter((_, n) => bits[n] !== first?.bits[n]).map(({ name }) => name);
    const verdict =
      typeof bits === 'string'
        ? bits
        : differing.length === 0
          ? `the same bits in ${bits.length} networks (the first: ${bits[0]})`
          : `other bits than ${first?.engine} in ${differing.join(', ')}`;
    if (typeof bits !== 'string' && differing.length > 0) process.exitCode = 1;
    console.log(`${engine.padEnd(24)} ${verdict}`);
  }
}

await main();
