import { chmodSync, mkdirSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { failureCode } from '../failureCode.ts';

/** A file as it should be on disk; `path` is relative to the output folder. */
export interface TargetFile {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/** A folder or file that cannot be written, in one line for the user. */
export class WriteError extends Error {
  override readonly name = 'WriteError';
}

/**
 * Writes the files whose content would change and returns their paths.
 *
 * All contents are on disk beside their targets before the first is renamed into place: a full disk or a missing
 * permission leaves everything as it was, and no reader ever sees half a file. A link stays one, and what it leads to is
 * written; a file keeps its mode. Where only line ends differ, as git changes them, nothing does.
 */
export function writeFiles(folder: string, files: readonly TargetFile[]): string[] {
  refuseFile(folder);
  const changed = files
    .map(({ path, content }) => ({ path: join(folder, path), content }))
    .filter(({ path, content }) => !isThere(path, content))
    .map((file) => ({ ...file, target: linkedFile(file.path) }))
    .map((file) => ({
      ...file,
      temporary: join(dirname(file.target), `.${basename(file.target)}.${process.pid}.tmp`),
    }));
  try {
    if (changed.length > 0) makeFolder(resolve(folder), folder);
    for (const { path, content, target, temporary } of changed) {
      refused(path, () => writeAside(temporary, content, target));
    }
    for (const { path, target, temporary } of changed) refused(path, () => renameSync(temporary, target));
  } finally {
    for (const { temporary } of changed) rmIfThere(temporary);
  }
  return changed.map(({ path }) => path);
}

function writeAside(temporary: string, content: string | Uint8Array, target: string): void {
  const there = statSync(target, { throwIfNoEntry: false });
  // What is in the way must be found out before other files are in their places.
  if (there?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  writeFileSync(temporary, content);
  if (there !== undefined) chmodSync(temporary, there.mode);
}

/** More links than that lead in a circle. */
const maxLinks = 40;

/** The file that a link leads to, whether or not it is there yet; any other path as it is. */
function linkedFile(path: string): string {
  let file = path;
  for (let links = 0; links < maxLinks; links++) {
    try {
      file = resolve(dirname(file), readlinkSync(file));
    } catch {
      return file;
    }
  }
  throw new WriteError(`${path}: found a link that leads in a circle; expected a file or nothing`);
}

/** A file that is not on disk as it should be. */
export interface Difference {
  readonly path: string;
  readonly kind: 'missing' | 'stale';
  /** From what is there to what should be; empty where nothing is there. */
  readonly diff: string;
}

/** Compares the files with what is on disk; writes nothing. */
export function checkFiles(folder: string, files: readonly TargetFile[]): Difference[] {
  refuseFile(folder);
  return files.flatMap(({ path: relative, content }): Difference[] => {
    const path = join(folder, relative);
    const there = readIfThere(path);
    if (there === undefined) return [{ path, kind: 'missing', diff: '' }];
    if (isThere(path, content)) return [];
    const diff = typeof content === 'string' ? shortDiff(path, withoutReturns(there), content) : '';
    return [{ path, kind: 'stale', diff }];
  });
}

/** A reader wants to know what kind of change it is; beyond this many lines the file itself says it better. */
const diffLines = 24;
const diffColumns = 160;
/** Milliseconds; two large files with nothing in common would take minutes. */
const diffTimeout = 1000;

function shortDiff(path: string, there: string, wanted: string): string {
  // Only a file that has to be mended needs the package; it and its like are most of the time that a start takes.
  const { createTwoFilesPatch } = createRequire(import.meta.url)('diff') as typeof import('diff');
  const patch = createTwoFilesPatch(path, `${path} (regenerated)`, there, wanted, '', '', {
    context: 2,
    timeout: diffTimeout,
  }) as string | undefined;
  if (patch === undefined) return `${path}: almost every line differs`;
  // The first line is a rule of equals signs.
  const lines = patch.trimEnd().split('\n').slice(1);
  const shown = lines
    .slice(0, diffLines)
    .map((line) => (line.length > diffColumns ? `${line.slice(0, diffColumns - 1)}…` : line));
  const rest = lines.length - shown.length;
  return [...shown, ...(rest > 0 ? [`… and ${rest} more lines`] : [])].join('\n');
}

/** Refuses a folder that is a file. Throws WriteError. */
export function refuseFile(folder: string): void {
  const there = refused(folder, () => statSync(folder, { throwIfNoEntry: false }));
  if (there !== undefined && !there.isDirectory()) throw new WriteError(`${folder}: ${foundByCode.EEXIST}`);
}

/**
 * Makes a folder and those above it. Node's own `recursive` never returns where a file system (/proc) answers that the
 * parent, which is there, is missing.
 */
function makeFolder(path: string, shown: string): void {
  if (refused(shown, () => statSync(path, { throwIfNoEntry: false }))?.isDirectory()) return;
  if (dirname(path) !== path) makeFolder(dirname(path), shown);
  refused(shown, () => mkdirSync(path));
}

/** Whether a file holds a content, whatever its line ends. */
export function isThere(path: string, content: string | Uint8Array): boolean {
  const there = readIfThere(path);
  if (there === undefined) return false;
  return typeof content === 'string' ? withoutReturns(there) === content : there.equals(content);
}

/** A text with the line ends that longhand writes: a checkout on Windows may have others. */
function withoutReturns(text: Buffer): string {
  return text.toString().replaceAll('\r\n', '\n');
}

/** The bytes of a file; undefined where there is none. Throws WriteError where it cannot be read. */
export function readIfThere(path: string): Buffer | undefined {
  return refused(path, () => {
    try {
      return readFileSync(path);
    } catch (error) {
      if (failureCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
}

function rmIfThere(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The error that led here says more than the one of tidying up.
  }
}

const foundByCode: Readonly<Record<string, string>> = {
  EEXIST: 'found a file; expected a folder',
  ENOTDIR: 'found a file on the way there; expected folders',
  ENOENT: 'found a place where no folder can be made; expected a place that can be written',
  EISDIR: 'found a folder; expected a file or nothing',
  EACCES: 'found no permission; expected a place that can be written',
  EPERM: 'found no permission; expected a place that can be written',
  EROFS: 'found a read-only file system; expected a place that can be written',
  ENOSPC: 'found no space left on the disk; expected room for the file',
};

/** Runs one file operation and turns its refusal into a sentence. */
function refused<T>(path: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    const code = failureCode(error);
    if (code === undefined) throw error;
    const found = foundByCode[code] ?? `found an error of the file system (${code}); expected to write here`;
    throw new WriteError(`${path}: ${found}`);
  }
}
