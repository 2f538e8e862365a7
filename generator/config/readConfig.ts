import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import { nearest } from '../spec/nearest.ts';
import type { Problem } from '../spec/problem.ts';
import { readSpec } from '../spec/read.ts';
import { show, showPath } from '../spec/show.ts';
import { configSchema, type LonghandConfig, type SpecEntry } from './config.ts';

/** The names under which a configuration is found. */
export const configNames = ['ts', 'mts', 'js', 'mjs', 'json'].map((ending) => `longhand.config.${ending}`);

/** A configuration, or what is wrong with it; with every file that it consists of. */
export type ConfigResult =
  | { readonly ok: true; readonly entries: readonly SpecEntry[]; readonly files: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly files: readonly string[] };

/** The configuration of a folder or of the nearest one above it; undefined where there is none. */
export function findConfig(folder: string): string | undefined {
  const found = configNames.map((name) => join(folder, name)).find((file) => existsSync(file));
  if (found !== undefined || dirname(folder) === folder) return found;
  return findConfig(dirname(folder));
}

/** Reads a configuration: an entry for each spec or pattern, with the options that hold for it. */
export async function readConfig(file: string): Promise<ConfigResult> {
  const read = await readSpec(file);
  const { files } = read;
  if (!read.ok) return { ok: false, problems: read.problems.map(asConfig), files };
  const parsed = configSchema.safeParse(read.spec);
  const problems = parsed.success ? [] : parsed.error.issues.flatMap((issue) => problemsOf(issue, read.spec));
  if (problems.length + read.problems.length > 0) {
    const located = problems.map(async (problem) => ({ ...problem, place: await read.placeOf(problem.path) }));
    return { ok: false, problems: [...read.problems, ...(await Promise.all(located))], files };
  }
  return { ok: true, entries: entriesOf(parsed.data as LonghandConfig), files };
}

/** The options of the whole hold for each spec that has none of its own. */
export function entriesOf({ $schema: _, specs, ...common }: LonghandConfig): readonly SpecEntry[] {
  const list = typeof specs === 'string' ? [specs] : specs;
  return list.map((one) => ({ ...common, ...(typeof one === 'string' ? { spec: one } : one) }));
}

/** The advice for a spec's module is none for this one's. */
function asConfig(problem: Problem): Problem {
  return { ...problem, expected: problem.expected.replace('defineNetwork', 'defineConfig') };
}

function problemsOf(issue: z.core.$ZodIssue, config: unknown, before: readonly PropertyKey[] = []): Problem[] {
  const path = [...before, ...issue.path].map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(configSchema.shape);
    return issue.keys.map((key) => {
      const guess = nearest(key, path.length === 0 ? known : ['spec', ...known]);
      const advice = guess === undefined ? `expected only ${known.join(', ')}` : `did you mean ${guess}?`;
      return {
        path: showPath([...path, key]),
        found: 'found a key that a configuration does not have',
        expected: advice,
      };
    });
  }
  // Of a union, what the branch says that came furthest.
  if (issue.code === 'invalid_union') {
    const nested = issue.errors.flat().filter((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys');
    if (nested.length > 0) return nested.flatMap((inner) => problemsOf(inner, config, path));
  }
  const found = path.reduce<unknown>((outer, step) => (outer as Record<string, unknown> | undefined)?.[step], config);
  return [{ path: showPath(path), found: `found ${show(found)}`, expected: issue.message }];
}
