import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { NetworkCheck } from '../../generator/check/index.ts';
import { cli } from '../compile.ts';

// A child process takes a second alone, and far longer on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'longhand-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command line in the folder; no run may ever show a stack. */
function longhand(command: 'check' | 'generate', ...words: string[]) {
  const run = spawnSync(process.execPath, [cli, command, ...words], { cwd: folder, encoding: 'utf8' });
  expect(run.stderr).not.toMatch(/^\s+at /m);
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

function writeSpec(name: string, changes: object = {}): void {
  const layers = [{ type: 'dense', units: 2, activation: 'tanh' }];
  writeFileSync(
    join(folder, `${name}.net.json`),
    JSON.stringify({ name, input: [3], layers, loss: 'squaredError', ...changes }),
  );
}

beforeAll(() => {
  writeSpec('a');
  writeSpec('b', { loss: undefined });
  writeSpec('bad', { layers: [{ type: 'dense', units: 0 }] });
  // Its output overflows, as the reference's does; its slopes are nothing that could be compared.
  const steep = { type: 'activation', activation: 'leakyRelu', alpha: 1e300 };
  writeSpec('overflow', { layers: [steep, steep] });
});

test('Right networks: a table for each, the words under it, exit code 0, and nothing is written', () => {
  const before = readdirSync(folder);
  const { status, stdout, stderr } = longhand('check', '[ab].net.json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = stdout.split('\n');
  expect(lines[0]).toBe('a: 3 random samples, seed 1');
  expect(lines[2]).toMatch(/^unrolled, float64 +numbers +reference +differences +slots +adjoint$/);
  expect(lines.find((line) => line.startsWith('∂ dense1/kernel'))).toMatch(
    /^∂ dense1\/kernel +6 +– +\d\.\de-1\d +6 of 6 +\d\.\de-1\d {2}ok$/,
  );
  expect(lines).toContain('a: everything agrees');
  expect(lines).toContain('b: everything agrees');
  expect(stdout).not.toContain('\u001b');
  expect(readdirSync(folder)).toEqual(before);
});

test('--json prints the same as data', () => {
  const { status, stdout } = longhand('check', 'a.net.json', 'b.net.json', '--json', '--seed', '5', '--samples', '2');
  expect(status).toBe(0);
  const checks = JSON.parse(stdout) as NetworkCheck[];
  expect(checks).toMatchObject([
    { name: 'a', passed: true, seed: 5, samples: 2, loss: 'squaredError', kinks: [], refused: [], tied: [] },
    { name: 'b', passed: true, seed: 5, samples: 2, loss: null },
  ]);
  const [form] = checks[0]!.forms;
  expect(form).toMatchObject({ form: 'unrolled', precision: 'float64', passed: true, faults: [] });
  expect(form!.tensors.map(({ name, of, count }) => [name, of, count])).toEqual([
    ['output', 'value', 2],
    ['loss', 'value', 1],
    ['dense1/kernel', 'gradient', 6],
    ['dense1/bias', 'gradient', 2],
    ['input', 'gradient', 3],
  ]);
  expect(form!.tensors[2]).toMatchObject({
    differences: { error: expect.any(Number), tolerance: 1e-7, slots: 6 },
    adjoint: { error: expect.any(Number), tolerance: 1e-7, directions: 2, kinks: 0 },
    notes: [],
    passed: true,
  });
  expect(form!.rules.map(({ name }) => name)).toEqual([
    'backward adds to gradients',
    'backwardBatch adds the sum',
    'loss, clearGradients, initialize',
    'step: w −= rate·g',
    'hard numbers: output and loss',
    'same numbers without --input-gradient',
    'same numbers with --inference',
  ]);
});

test('Something off: the rows are marked, and the exit code is 1', () => {
  const { status, stdout, stderr } = longhand('check', 'overflow.net.json', 'a.net.json');
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  expect(stdout).toMatch(/^∂ input +3 +– +Infinity .* WRONG$/m);
  expect(stdout).toMatch(/^overflow: WRONG: loss, ∂ input/m);
  expect(stdout).toMatch(/^a: everything agrees$/m);
  const json = longhand('check', 'overflow.net.json', '--json');
  expect(json.status).toBe(1);
  expect(JSON.parse(json.stdout)[0].forms[0].tensors[2].differences).toMatchObject({
    error: 'Infinity',
    tolerance: 1e-7,
  });
});

test('A form that the network is too large for is named with the reason; the others are checked', () => {
  const { status, stdout } = longhand('check', 'a.net.json', '--max-terms', '5', '--samples', '1');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^unrolled: not checked: found a network of \d+ terms, .*; expected at most 5/m);
  expect(stdout).not.toMatch(/^unrolled, float64/m);
  expect(stdout).toMatch(/^fast, float64/m);
});

test('Problems of specs are those that generate prints, and then nothing is checked', () => {
  const specs = ['a.net.json', 'bad.net.json', 'absent.net.json', 'no*.net.json'];
  const { status, stdout, stderr } = longhand('check', ...specs);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr.split('\n')).toHaveLength(4);
  expect(stderr).toBe(longhand('generate', ...specs).stderr);
});

test.each([
  [['--samples', '0'], 'Expected a positive integer, such as --samples 5.'],
  [['--seed', 'x'], 'Expected an integer of 0 or more, such as --seed 7.'],
  [['--jsn'], '(Did you mean --json?)'],
])('A wrong command line is refused with a suggestion: %j', (words, advice) => {
  const { status, stdout, stderr } = longhand('check', 'a.net.json', ...words);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toContain(advice);
});

test('--form checks one form alone; wasm is held to float32', () => {
  const { status, stdout } = longhand('check', 'a.net.json', '--form', 'wasm');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^wasm, float32 +numbers/m);
  expect(stdout).not.toMatch(/^(?:unrolled|fast), /m);
  expect(stdout).toContain('a: everything agrees');
});
