import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { formatProblem, SpecError } from '../spec/problem.ts';
import { readSpec } from '../spec/read.ts';

/** What the specs gave: one result each, or every problem of every spec as a line of text. */
export type Outcome<T> = { readonly results: readonly T[] } | { readonly problems: readonly string[] };

/** The spec files that arguments name, and a line for every pattern that names none. */
export interface SpecFiles {
  readonly files: readonly string[];
  readonly problems: readonly string[];
}

/** The spec files that the arguments name; a shell may have left patterns as they are. */
export async function expandPatterns(patterns: readonly string[]): Promise<SpecFiles> {
  const files = new Map<string, string>();
  const problems: string[] = [];
  for (const pattern of patterns) {
    const isPattern = isDynamicPattern(pattern) && !existsSync(pattern);
    const matches = isPattern ? (await glob(pattern, { expandDirectories: false })).sort() : [pattern];
    if (matches.length === 0) problems.push(`${pattern}: found no file that matches; expected *.net.json or *.net.ts`);
    // The same file under two arguments is one spec.
    for (const file of matches) if (!files.has(resolve(file))) files.set(resolve(file), file);
  }
  return { files: [...files.values()], problems };
}

/** Runs every spec through `run`, so that one call reports what is wrong with all of them. */
export async function forEachSpec<T>(
  { files, problems: earlier }: SpecFiles,
  run: (spec: unknown, file: string) => readonly T[] | Promise<readonly T[]>,
): Promise<Outcome<T>> {
  const results: T[] = [];
  const problems = [...earlier];
  for (const file of files) {
    try {
      const read = await readSpec(file);
      if (!read.ok) throw new SpecError(read.problems);
      results.push(...(await run(read.spec, file)));
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      problems.push(...error.problems.map((problem) => formatProblem(problem, file)));
    }
  }
  return problems.length > 0 ? { problems } : { results };
}

/** Hands the results on, or prints every problem; false where anything was wrong. */
export function report<T>(outcome: Outcome<T>, finish: (results: readonly T[]) => boolean): boolean {
  if ('results' in outcome) return finish(outcome.results);
  for (const problem of outcome.problems) console.error(problem);
  return false;
}
