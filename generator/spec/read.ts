import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { locateJsonError } from './locate-json-error.ts';
import type { Problem } from './problem.ts';
import { printable, show } from './show.ts';

export type ReadResult =
  | { readonly ok: true; readonly spec: unknown }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const moduleExtensions = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];

/** Reads a spec file: JSON, or the default export of a module. What is in it is the parser's question. */
export async function readSpec(file: string): Promise<ReadResult> {
  const { text, problem } = await readText(file);
  if (problem !== undefined) return failure(problem);
  const extension = extname(file).toLowerCase();
  if (extension !== '.json' && !moduleExtensions.includes(extension)) {
    const found = extension === '' ? 'found a file name without an ending' : `found a ${printable(extension)} file`;
    return failure({ path: '', found, expected: 'expected a .net.json or .net.ts file' });
  }
  return extension === '.json' || isBlank(text) ? parseJson(text) : importSpec(file);
}

type TextResult =
  | { readonly text: string; readonly problem?: undefined }
  | { readonly text?: undefined; readonly problem: Problem };

async function readText(file: string): Promise<TextResult> {
  try {
    // Windows editors begin a file with a byte order mark, which JSON.parse refuses.
    return { text: (await readFile(file, 'utf8')).replace(/^\uFEFF/, '') };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    const found = foundByCode[code] ?? `found a file that cannot be read (${code})`;
    return { problem: { path: '', found, expected: expectedByCode[code] ?? 'expected a network spec' } };
  }
}

const foundByCode: Readonly<Record<string, string>> = {
  ENOENT: 'found no such file',
  ENOTDIR: 'found no such file',
  EISDIR: 'found a folder',
};

const expectedByCode: Readonly<Record<string, string>> = {
  EISDIR: "expected a file; quote a pattern for several: 'folder/*.net.json'",
};

/** The value that a JSON text says, or the place at which it stops being JSON. */
export function parseJson(text: string): ReadResult {
  if (isBlank(text)) return failure({ path: '', found: 'found an empty file', expected: 'expected a network spec' });
  try {
    return { ok: true, spec: JSON.parse(text) };
  } catch (error) {
    const place = locateJsonError(text);
    if (place === undefined) throw error;
    const { line, column, found, expected } = place;
    return failure({ path: `line ${line}, column ${column}`, found: `found ${printable(found)}`, expected });
  }
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

async function importSpec(file: string): Promise<ReadResult> {
  let module: { readonly default?: unknown };
  try {
    // tsx reads TypeScript on every supported Node, and anew at each call, which --watch needs. It is slow to load, so
    // only specs that are modules pay for it.
    const { tsImport } = await import('tsx/esm/api');
    module = await tsImport(pathToFileURL(resolve(file)).href, import.meta.url);
  } catch (error) {
    return failure({ path: '', found: `found a module that fails: ${firstLine(error)}`, expected: moduleExpected });
  }
  const spec = defaultExport(module);
  if (spec === undefined) return failure({ path: '', found: 'found no default export', expected: moduleExpected });
  return { ok: true, spec };
}

const moduleExpected = 'expected export default defineNetwork({ … })';

/** In a package without `"type": "module"`, the default export arrives wrapped as CommonJS. */
function defaultExport(module: { readonly default?: unknown }): unknown {
  const exported = module.default as { readonly __esModule?: unknown; readonly default?: unknown } | null | undefined;
  return exported?.__esModule === true ? exported.default : exported;
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : show(error);
  return printable(message.split('\n').find((line) => line.trim() !== '') ?? 'an error without a message');
}

function failure(problem: Problem): ReadResult {
  return { ok: false, problems: [problem] };
}
