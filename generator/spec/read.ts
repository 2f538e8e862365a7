import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { failureCode } from '../failureCode.ts';
import { decodeText } from './decodeText.ts';
import { readJson } from './json.ts';
import { loadModule } from './loadModule.ts';
import { locate, type Place } from './places.ts';
import type { Problem } from './problem.ts';
import { printable } from './show.ts';

/** What a spec file says. */
export interface ReadSpec {
  readonly ok: true;
  readonly spec: unknown;
  /** What is wrong with the file although it can be read, such as a key that stands twice. */
  readonly problems: readonly Problem[];
  /** Line and column of a path such as `layers[2].units`, where they are known. */
  readonly placeOf: (path: string) => Promise<Place | undefined>;
  /** The file and all that it imports. */
  readonly files: readonly string[];
}

export type ReadResult =
  | ReadSpec
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly files: readonly string[] };

const moduleExtensions = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];

/** Reads a spec file: JSON, or the default export of a module. What is in it is the parser's question. */
export async function readSpec(file: string): Promise<ReadResult> {
  const files = [resolve(file)];
  const { text, problem } = await readText(file);
  if (problem !== undefined) return failure(problem, files);
  const extension = extname(file).toLowerCase();
  if (extension !== '.json' && !moduleExtensions.includes(extension)) {
    const found = extension === '' ? 'found a file name without an ending' : `found a ${printable(extension)} file`;
    return failure({ path: '', found, expected: 'expected a .net.json or .net.ts file' }, files);
  }
  return extension === '.json' || isBlank(text) ? parseJson(text, files) : importSpec(file, text);
}

type TextResult =
  | { readonly text: string; readonly problem?: undefined }
  | { readonly text?: undefined; readonly problem: Problem };

async function readText(file: string): Promise<TextResult> {
  try {
    const { text, found } = decodeText(await readFile(file));
    if (text !== undefined) return { text };
    return { problem: { path: '', found: `found ${found}`, expected: 'expected UTF-8: save the file as that' } };
  } catch (error) {
    const code = failureCode(error) ?? 'unknown error';
    const found = foundByCode[code] ?? `found a file that cannot be read (${code})`;
    return { problem: { path: '', found, expected: expectedByCode[code] ?? 'expected a network spec' } };
  }
}

const foundByCode: Readonly<Record<string, string>> = {
  ENOENT: 'found no such file',
  ENOTDIR: 'found no such file',
  EISDIR: 'found a folder',
  EACCES: 'found no permission to read the file',
};

const expectedByCode: Readonly<Record<string, string>> = {
  EISDIR: "expected a file; quote a pattern for several: 'folder/*.net.json'",
};

/** The value that a JSON text says, or the place at which it stops being JSON. */
export function parseJson(text: string, files: readonly string[] = []): ReadResult {
  if (isBlank(text)) {
    return failure({ path: '', found: 'found an empty file', expected: 'expected a network spec' }, files);
  }
  const read = readJson(text);
  if (!read.ok) return failure(read.problem, files);
  const { value, places, problems } = read;
  return { ok: true, spec: value, problems, placeOf: async (path) => locate(value, path, places), files };
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

const moduleExpected = 'expected export default defineNetwork({ … })';

async function importSpec(file: string, text: string): Promise<ReadResult> {
  const loaded = await loadModule(file);
  const { files } = loaded;
  if (!loaded.ok) {
    const found = `found a module that fails: ${loaded.found}`;
    return failure({ path: '', place: loaded.place, found, expected: moduleExpected }, files);
  }
  const { exported: spec } = loaded;
  if (spec === undefined) {
    return failure({ path: '', found: 'found no default export', expected: moduleExpected }, files);
  }
  const placeOf = async (path: string): Promise<Place | undefined> => {
    // The compiler takes half a second to load, which only a spec that is wrong has to pay for.
    const { placeInModule } = await import('./placeInModule.ts');
    return placeInModule(text, path);
  };
  return { ok: true, spec, problems: [], placeOf, files };
}

function failure(problem: Problem, files: readonly string[]): ReadResult {
  return { ok: false, problems: [problem], files };
}
