import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Place } from './places.ts';
import { printable, show } from './show.ts';

/** A module of the user: what it exports, or why it does not run, and every file that took part. */
export type LoadedModule =
  | { readonly ok: true; readonly exported: unknown; readonly files: readonly string[] }
  | {
      readonly ok: false;
      readonly found: string;
      readonly place: Place | undefined;
      readonly files: readonly string[];
    };

/** What a spec or a configuration imports by the package's name: it need not be installed where they stand. */
const virtualModules = {
  longhand: { defineNetwork: (spec: unknown) => spec, defineConfig: (config: unknown) => config },
};

/**
 * Runs a module in TypeScript or JavaScript and returns its default export, read anew at each call with all that it
 * imports. (Node's own import would keep what it has seen once, and knows no TypeScript before version 22.18.)
 *
 * jiti is slow to load, so only those pay for it who have such a file.
 */
export async function loadModule(file: string): Promise<LoadedModule> {
  const { createJiti } = await import('jiti');
  const files = new Set([resolve(file)]);
  const options = { fsCache: false, moduleCache: false, interopDefault: false, virtualModules };
  const plain = createJiti(import.meta.url, options);
  const jiti = createJiti(import.meta.url, {
    ...options,
    transform: (one) => {
      if (one.filename !== undefined) noteFiles(one.filename, one.source, files);
      return { code: plain.transform(one) };
    },
  });
  try {
    const module = await jiti.import<{ readonly default?: unknown }>(resolve(file));
    return { ok: true, exported: defaultExport(module), files: [...files] };
  } catch (error) {
    return { ok: false, found: firstLine(error), place: placeOf(error, file), files: [...files] };
  }
}

/** A module and the files that it names; JSON, for one, is read without passing through here. */
function noteFiles(filename: string, source: string, files: Set<string>): void {
  files.add(filename);
  for (const [, relative = ''] of source.matchAll(/['"](\.{1,2}\/[^'"\n]+)['"]/g)) {
    const named = resolve(dirname(filename), relative);
    if (existsSync(named)) files.add(named);
  }
}

/** In a package without `"type": "module"`, the default export arrives wrapped as CommonJS. */
function defaultExport(module: { readonly default?: unknown }): unknown {
  const exported = module.default as { readonly __esModule?: unknown; readonly default?: unknown } | null | undefined;
  return exported?.__esModule === true ? exported.default : exported;
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : show(error);
  return printable(message.split('\n').find((line) => line.trim() !== '') ?? 'an error without a message');
}

/**
 * Where an error names the file itself, in its message or on its way there. What runs has the lines of what was written,
 * but not its columns.
 */
function placeOf(error: unknown, file: string): Place | undefined {
  if (!(error instanceof Error)) return undefined;
  const inMessage = placeNamed(error.message, file);
  if (inMessage !== undefined) return inMessage;
  const onTheWay = placeNamed(error.stack ?? '', file);
  const isThere = onTheWay !== undefined && onTheWay.line <= readFileSync(file, 'utf8').split('\n').length;
  return isThere ? { line: onTheWay.line, column: 1 } : undefined;
}

/** `name.net.ts:2:60` */
function placeNamed(text: string, file: string): Place | undefined {
  const name = basename(file);
  const start = text.indexOf(`${name}:`);
  const match = start < 0 ? null : /^:(\d+):(\d+)/.exec(text.slice(start + name.length));
  return match === null ? undefined : { line: Number(match[1]), column: Number(match[2]) };
}
