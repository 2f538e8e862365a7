import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { proveCommand } from '../../generator/commands/prove.ts';
import type { Proof } from '../../generator/prove/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'longhand-prove-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

function writeSpec(name: string, changes: object = {}): string {
  const file = join(folder, `${name}.net.json`);
  const layers = [{ type: 'dense', units: 2, activation: 'tanh' }];
  writeFileSync(file, JSON.stringify({ name, input: [3], layers, ...changes }));
  return file;
}

/** Runs the command in this process. */
async function prove(...words: string[]) {
  const output: string[] = [];
  const errors: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void output.push(text));
  vi.spyOn(console, 'error').mockImplementation((text: string) => void errors.push(text));
  await proveCommand().parseAsync(words, { from: 'user' });
  return { output: output.join('\n'), errors: errors.join('\n'), exitCode: process.exitCode };
}

test('It prints the proofs and what they mean', async () => {
  const { output, errors, exitCode } = await prove(writeSpec('a'), writeSpec('b'), '--seed', '3');
  expect({ errors, exitCode }).toEqual({ errors: '', exitCode: undefined });
  expect(output).toMatch(/^a: proved, [\s\S]*\nb: proved, [\s\S]*\nProved means: in real arithmetic/);
});

test('--json prints the proofs as data', async () => {
  const { output } = await prove(writeSpec('a'), '--json', '--form', 'unrolled');
  const [proof] = JSON.parse(output) as Proof[];
  expect(proof).toMatchObject({ network: 'a', proved: true, slots: 8 + 3, failures: [] });
});

test('A wrong spec gets the message that generate gives, and exit code 1', async () => {
  const { output, errors, exitCode } = await prove(writeSpec('bad', { layers: [{ type: 'dense', units: 0 }] }));
  expect({ output, exitCode }).toEqual({ output: '', exitCode: 1 });
  expect(errors).toMatch(/bad\.net\.json:\d+:\d+: layers\[0\]\.units: found 0; expected/);
});
