import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli } from '../compile.ts';
import { faultOf } from './wellFormed.ts';

const file = 'case.net.json';

/** Milliseconds; a run loads all of longhand first. */
const timeLimit = 60_000;

/**
 * Requires of `longhand generate` what holds for any file: it writes one module and exits 0, or says what is wrong and
 * exits 1; nothing else is written.
 *
 * @param text what stands in the spec's file
 * @throws Error that says what does not hold
 */
export function expectSoundRun(text: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'longhand-fuzz-'));
  try {
    writeFileSync(join(folder, file), text);
    const { status, stdout, stderr, error } = spawnSync(process.execPath, [cli, 'generate', file, '--out', 'out'], {
      cwd: folder,
      encoding: 'utf8',
      timeout: timeLimit,
    });
    if (error !== undefined) throw error;
    const written = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path !== file);
    if (status === 0) expectSuccess(stdout, stderr, written);
    else expectRefusal(status, stdout, stderr, written);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function expectSuccess(stdout: string, stderr: string, written: readonly string[]): void {
  const [folder, module, ...others] = written;
  if (folder !== 'out' || module === undefined || others.length > 0) throw new Error(`wrote ${written.join(', ')}`);
  expectEqual(stdout, `wrote ${module}\n`);
  expectEqual(stderr, '');
}

function expectRefusal(status: number | null, stdout: string, stderr: string, written: readonly string[]): void {
  if (status !== 1) throw new Error(`exit code ${status}; ${stderr}`);
  if (written.length > 0) throw new Error(`wrote ${written.join(', ')} beside the message ${stderr}`);
  expectEqual(stdout, '');
  const lines = stderr.split('\n');
  expectEqual(lines.pop() as string, '');
  for (const line of lines) {
    const message = line.startsWith(`${file}: `) ? line.slice(file.length + 2) : line;
    // A problem of the file as a whole has no place but the file.
    const fault = faultOf(message.startsWith('found ') ? `spec: ${message}` : message);
    if (fault !== undefined || message === line) throw new Error(`${line}\nhas ${fault ?? 'no file in front'}`);
  }
}

function expectEqual(found: string, expected: string): void {
  if (found !== expected) throw new Error(`printed ${JSON.stringify(found)}, expected ${JSON.stringify(expected)}`);
}
