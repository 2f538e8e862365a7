#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { benchCommand } from './commands/bench.ts';
import { checkCommand } from './commands/check.ts';
import { exportCommand } from './commands/export.ts';
import { fail } from './commands/fail.ts';
import { generateCommand } from './commands/generate.ts';
import { importCommand } from './commands/import.ts';
import { proveCommand } from './commands/prove.ts';
import { weightsCommand } from './commands/weights.ts';

process.on('uncaughtException', fail);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of a pipe has seen enough, as in `longhand generate … --dump loops | head`.
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
await program().parseAsync().catch(fail);

function program(): Command {
  return new Command('longhand')
    .description('Writes small convolutional networks out in full, as TypeScript without dependencies.')
    .version(packageVersion(), '--version')
    .addCommand(generateCommand())
    .addCommand(checkCommand())
    .addCommand(benchCommand())
    .addCommand(proveCommand())
    .addCommand(importCommand())
    .addCommand(exportCommand())
    .addCommand(weightsCommand());
}

function packageVersion(): string {
  // The same place from generator/ and from dist/.
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}
