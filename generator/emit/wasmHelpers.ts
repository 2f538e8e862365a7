import { helperNames, printHelpers } from '../print/wasmMath.ts';
import { assemble } from './assemble.ts';

/** A module that exports every scalar function that a generated one may bring with it, under its name. */
export function assembleHelpers(): Uint8Array {
  const exports = helperNames.map((name) => `  (export "${name}" (func $${name}))`);
  const [bytes] = assemble([['(module', ...printHelpers(helperNames), ...exports, ')'].join('\n')]);
  return bytes as Uint8Array;
}
