import type { Command } from 'commander';
import { vi } from 'vitest';

/** What a command leaves behind. */
export interface CommandRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command within this process: another takes seconds where the machine is busy.
 *
 * @throws whatever is no problem of a user's, which the command line would report as a fault in longhand
 */
export async function runCommand(command: Command, words: readonly string[]): Promise<CommandRun> {
  const written = { stdout: '', stderr: '' };
  const log = vi.spyOn(console, 'log').mockImplementation((text) => {
    written.stdout += `${text}\n`;
  });
  const error = vi.spyOn(console, 'error').mockImplementation((text) => {
    written.stderr += `${text}\n`;
  });
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await command.parseAsync(words, { from: 'user' });
    return { status: Number(process.exitCode ?? 0), ...written };
  } finally {
    process.exitCode = before;
    log.mockRestore();
    error.mockRestore();
  }
}
