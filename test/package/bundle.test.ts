import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { builtForms } from '../../generator/pipeline.ts';
import { cli } from '../compile.ts';
import { installedProject, runWell } from './harness.ts';

// The package is a bundle with compiled templates; the checkout runs the sources.
const folder = installedProject({ type: 'module' });
for (const name of ['article', 'digits']) {
  cpSync(resolve(import.meta.dirname, `../../examples/${name}.net.json`), join(folder, `${name}.net.json`));
}
const packed = join(folder, 'node_modules/longhand/dist/cli.js');

/** What a command writes and prints, with the words `OUT` for the folder it writes to. */
function resultOf(command: string, words: readonly string[], out: string): object {
  mkdirSync(join(folder, out), { recursive: true });
  const output = runWell(folder, process.execPath, [command, ...words.map((word) => (word === 'OUT' ? out : word))]);
  const files = readdirSync(join(folder, out)).map((name) => [name, readFileSync(join(folder, out, name), 'latin1')]);
  return { output: output.replaceAll(`${out}/`, 'OUT/'), files: Object.fromEntries(files) };
}

const specs = ['article.net.json', 'digits.net.json'];

const commands: readonly (readonly string[])[] = [
  ...builtForms.map((form) => ['generate', ...specs, '--form', form, '--out', 'OUT']),
  ['generate', ...specs, '--language', 'js', '--companion', '--inference', '--out', 'OUT'],
  ['generate', 'article.net.json', '--form', 'wasm', '--dump', 'wat'],
  ['check', 'article.net.json'],
  ['prove', 'article.net.json', '--form', 'fast'],
  ['study', 'article.net.json', '--out', 'OUT'],
  ['export', 'article.net.json', '--to', 'pytorch', '--out', 'OUT'],
  ['export', 'digits.net.json', '--to', 'keras', '--out', 'OUT'],
  ['export', 'digits.net.json', '--to', 'onnx', '--out', 'OUT'],
];

test.each(commands.map((words) => [words.join(' '), words] as const))(
  'the package does as the sources do: %s',
  (_, words) => {
    const out = words.join('-').replaceAll(/\W+/g, '-');
    expect(resultOf(packed, words, `${out}-packed`)).toEqual(resultOf(cli, words, `${out}-sources`));
  },
);

test('help starts in a quarter of a second, a small spec takes half of one', () => {
  // The least of some runs: what else the machine does only adds.
  const least = (...words: readonly string[]): number =>
    Math.min(
      ...Array.from({ length: 7 }, () => {
        const { userCPUTime } = measured(words);
        return userCPUTime;
      }),
    );
  expect(least('--help')).toBeLessThan(0.25e6);
  expect(least('generate', 'article.net.json', '--out', 'small')).toBeLessThan(0.5e6);
});

/** Microseconds of CPU that the package's command takes, told by itself at its end. */
function measured(words: readonly string[]): { readonly userCPUTime: number } {
  const tell = 'process.on("exit",()=>process.stderr.write("\\n"+JSON.stringify(process.resourceUsage())))';
  const flags = ['--import', `data:text/javascript,${encodeURIComponent(tell)}`];
  return JSON.parse(
    runWell(folder, process.execPath, [...flags, packed, ...words])
      .split('\n')
      .at(-1)!,
  );
}
