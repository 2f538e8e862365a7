import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { type Problem, SpecError } from '../spec/problem.ts';
import { type ReadSpec, readSpec } from '../spec/read.ts';
import { type FileProblem, printProblems } from './problems.ts';

/** What the specs gave: one result each, or every problem of every spec. */
export type Outcome<T> = { readonly results: readonly T[] } | { readonly problems: readonly FileProblem[] };

/** The spec files that arguments name, and a problem for every pattern that names none. */
export interface SpecFiles {
  readonly files: readonly string[];
  readonly problems: readonly FileProblem[];
}

/** The spec files that the arguments name; a shell may have left patterns as they are. */
export async function expandPatterns(patterns: readonly string[]): Promise<SpecFiles> {
  const files = new Map<string, string>();
  const problems: FileProblem[] = [];
  for (const pattern of patterns) {
    const matches = await expand(pattern);
    if (matches.length === 0) {
      problems.push({
        file: pattern,
        path: '',
        found: 'found no file that matches',
        expected: 'expected *.net.json or *.net.ts',
      });
    }
    // The same file under two arguments is one spec.
    for (const file of matches) if (!files.has(resolve(file))) files.set(resolve(file), file);
  }
  return { files: [...files.values()], problems };
}

/** A pattern's files. Where a backslash escapes nothing that is there, it is Windows' way to write a slash. */
async function expand(pattern: string): Promise<readonly string[]> {
  if (existsSync(pattern)) return [pattern];
  for (const form of new Set([pattern, pattern.replaceAll('\\', '/')])) {
    if (!isDynamicPattern(form)) continue;
    const matches = (await glob(form, { expandDirectories: false })).sort();
    if (matches.length > 0) return matches;
  }
  return isPattern(pattern) ? [] : [pattern];
}

/** Whether an argument is a pattern rather than the name of one file. */
export function isPattern(argument: string): boolean {
  return !existsSync(argument) && isDynamicPattern(argument.replaceAll('\\', '/'));
}

/** Runs every spec through `run`, so that one call reports what is wrong with all of them. */
export async function forEachSpec<T>(
  { files, problems: earlier }: SpecFiles,
  run: (spec: unknown, file: string) => readonly T[] | Promise<readonly T[]>,
): Promise<Outcome<T>> {
  const results: T[] = [];
  const problems = [...earlier];
  for (const file of files) {
    const outcome = await runSpec(file, (spec) => run(spec, file));
    if ('results' in outcome) results.push(...outcome.results);
    else problems.push(...outcome.problems);
  }
  return problems.length > 0 ? { problems } : { results };
}

/** Runs one spec; its problems have their places in the file. `imported` is told every file that the spec consists of. */
export async function runSpec<T>(
  file: string,
  run: (spec: unknown, placeOf: ReadSpec['placeOf']) => readonly T[] | Promise<readonly T[]>,
  imported: (files: readonly string[]) => void = () => {},
): Promise<Outcome<T>> {
  const read = await readSpec(file);
  imported(read.files);
  if (!read.ok) return { problems: read.problems.map((problem) => ({ ...problem, file })) };
  const problems: Problem[] = [...read.problems];
  try {
    const results = await run(read.spec, read.placeOf);
    if (problems.length === 0) return { results };
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    for (const problem of error.problems) {
      problems.push({ ...problem, place: problem.place ?? (await read.placeOf(problem.path)) });
    }
  }
  return { problems: problems.map((problem) => ({ ...problem, file })) };
}

/** Hands the results on, or prints every problem; false where anything was wrong. */
export function report<T>(outcome: Outcome<T>, finish: (results: readonly T[]) => boolean, asJson = false): boolean {
  if ('results' in outcome) return finish(outcome.results);
  printProblems(outcome.problems, asJson);
  return false;
}
