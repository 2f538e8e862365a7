import { existsSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Whether the module with this `import.meta.url` is the program being run, and not one imported by another. */
export function isMain(moduleUrl: string): boolean {
  const program = process.argv[1];
  // Real paths on both sides: Node resolves links for the module, but not for the command line.
  return program !== undefined && existsSync(program) && realpathSync(program) === fileURLToPath(moduleUrl);
}
