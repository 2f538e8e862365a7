import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { timedForms as forms } from '../../generator/bench/bench.ts';
import type { NetworkBench } from '../../generator/bench/index.ts';
import { benchCommand } from '../../generator/commands/bench.ts';
import { generate } from '../../generator/index.ts';
import { cli } from '../compile.ts';

// Times are not asserted: the machine may be busy.
vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'longhand-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

const small = { input: [3], layers: [{ type: 'dense', units: 2, activation: 'tanh' }], loss: 'squaredError' };

const specs = {
  a: { name: 'a', ...small },
  b: { name: 'b', ...small, loss: undefined },
  still: { name: 'still', input: [2], layers: [{ type: 'activation', activation: 'relu' }] },
  bad: { name: 'bad', ...small, layers: [{ type: 'dense', units: 0 }] },
};

const file = (name: string): string => join(folder, `${name}.net.json`);

beforeAll(() => {
  for (const [name, spec] of Object.entries(specs)) writeFileSync(file(name), JSON.stringify(spec));
});

/** Runs the command in this process. */
async function bench(...words: string[]) {
  const output: string[] = [];
  const errors: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void output.push(text));
  vi.spyOn(console, 'error').mockImplementation((text: string) => void errors.push(text));
  await benchCommand().parseAsync([...words, '--quick'], { from: 'user' });
  return { output: output.join('\n'), errors: errors.join('\n'), exitCode: process.exitCode };
}

test('A table with a row for each form, the advice under it, exit code 0, and nothing is written', async () => {
  const before = readdirSync(folder);
  const { output, errors, exitCode } = await bench(file('a'), file('b'));
  expect({ errors, exitCode }).toEqual({ errors: '', exitCode: undefined });
  const [a, b] = output.split(/\n(?=b: )/) as [string, string];
  expect(a).toMatch(/^a: time for one sample on one thread of Node v\d+\.\d+\.\d+, medians of \d+ rounds\n\n/);
  const lines = b.split('\n');
  expect(lines[2]).toMatch(/^ +forward +ratio +training step +ratio +warm-up +bytes +functions$/);
  const rows = lines.slice(3, 3 + forms.length);
  const row = /^(\w+), float\d\d( +[\d.,]+ µs +\d+\.\d\d){2} +(> )?\d+\.\d\d s +[\d,]+ +\d+$/;
  expect(rows.map((line) => row.exec(line)?.[1])).toEqual(forms);
  expect(lines[4 + forms.length]).toMatch(/^\w+ is (the fastest|as fast as)\b.*\.$/);
  expect(readdirSync(folder)).toEqual(before);
});

test('--json prints the same as data', async () => {
  const { output } = await bench(file('a'), '--json');
  const [found, ...others] = JSON.parse(output) as NetworkBench[];
  expect(others).toEqual([]);
  expect(found).toMatchObject({ name: 'a', node: process.version, rounds: expect.any(Number), refused: [] });
  expect(found!.forms.map(({ form }) => form)).toEqual(forms);
  for (const { form, precision, forward, training, warmUp, bytes, functions } of found!.forms) {
    const { content } = generate(specs.a, { form })[0]!;
    expect(precision).toBe(form === 'wasm' ? 'float32' : 'float64');
    expect(bytes).toBe(Buffer.byteLength(content));
    expect(functions).toBe(content.match(/^ *(export )?function/gm)!.length);
    for (const timing of [forward, training!]) {
      expect(timing.microseconds).toBeGreaterThan(0);
      expect(timing.ratio).toBeGreaterThanOrEqual(1);
    }
    expect(warmUp).toEqual({ milliseconds: expect.any(Number), settled: expect.any(Boolean) });
  }
  expect(found!.forms.some(({ forward }) => forward.ratio === 1)).toBe(true);
  expect(found!.forms.some(({ training }) => training!.ratio === 1)).toBe(true);
});

test('A form that the network is too large for is listed with the reason', async () => {
  const { output, exitCode } = await bench(file('a'), '--max-terms', '5');
  expect(exitCode).toBeUndefined();
  expect(output).toMatch(/^unrolled: not timed: found a network of \d+ terms, .*; expected at most 5/m);
  expect(output).not.toMatch(/^unrolled, float64/m);
  expect(output).toMatch(/^fast, float64/m);
});

test('Where nothing is trained, only forward is timed', async () => {
  const inference = await bench(file('a'), '--inference');
  expect(inference.output).not.toContain('training');
  expect(inference.output).toMatch(/µs forward \(--form \w+\)\.$/m);
  const { output } = await bench(file('still'), '--json');
  const [still] = JSON.parse(output) as NetworkBench[];
  expect(still!.forms.map(({ training }) => training)).toEqual(forms.map(() => null));
});

test('Problems of specs are those that generate prints, and then nothing is timed', () => {
  const wrong = ['a.net.json', 'bad.net.json', 'absent.net.json', 'no*.net.json'];
  const { status, stdout, stderr } = longhand('bench', ...wrong);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr.split('\n')).toHaveLength(4);
  expect(stderr).toBe(longhand('generate', ...wrong).stderr);
});

test.each([
  [['--max-terms', '0'], 'Expected a positive integer, such as --max-terms 20000.'],
  [['--quik'], '(Did you mean --quick?)'],
])('A wrong command line is refused with a suggestion: %j', (words, advice) => {
  const { status, stdout, stderr } = longhand('bench', 'a.net.json', ...words);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain(advice);
});

/** Runs the command line in the folder; no run may ever show a stack. */
function longhand(command: 'bench' | 'generate', ...words: string[]) {
  const run = spawnSync(process.execPath, [cli, command, ...words], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(run.stderr).not.toMatch(/^\s+at /m);
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}
