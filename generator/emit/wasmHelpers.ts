import { assemble } from '../assembler/assemble.ts';
import { helperNames, printHelpers } from '../print/wasmMath.ts';

/** A module that exports every scalar function that a generated one may bring with it, under its name. */
export function assembleHelpers(): Uint8Array {
  const exports = helperNames.map((name) => `  (export "${name}" (func $${name}))`);
  return assemble(['(module', ...printHelpers(helperNames), ...exports, ')'].join('\n'));
}
