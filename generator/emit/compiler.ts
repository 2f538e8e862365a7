import { createRequire } from 'node:module';
import type { ts } from 'ts-morph';

let loaded: typeof ts | undefined;

/** TypeScript's own compiler. It takes half a second to load, so only those pay for it who need it. */
export function loadCompiler(): typeof ts {
  loaded ??= (createRequire(import.meta.url)('ts-morph') as { readonly ts: typeof ts }).ts;
  return loaded;
}
