#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { fail } from './commands/fail.ts';
import { commandList } from './commands/list.ts';
import { packageFile } from './packageFile.ts';

process.on('uncaughtException', fail);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of a pipe has seen enough, as in `longhand generate … --dump loops | head`.
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
try {
  await (await program(process.argv.slice(2))).parseAsync();
} catch (error) {
  fail(error);
}

/** All commands; only those that the words name are more than a line of help. */
async function program(words: readonly string[]): Promise<Command> {
  const program = new Command('longhand')
    .description('Writes small convolutional networks out in full, as TypeScript without dependencies.')
    .version(packageVersion(), '--version');
  for (const { name, description, load } of commandList) {
    program.addCommand(words.includes(name) ? await load() : new Command(name).description(description));
  }
  return program;
}

function packageVersion(): string {
  return JSON.parse(readFileSync(packageFile('package.json'), 'utf8')).version;
}
