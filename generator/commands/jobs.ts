import { dirname, relative, resolve } from 'node:path';
import type { ModuleOptions, SpecEntry } from '../config/config.ts';
import { findConfig, readConfig } from '../config/readConfig.ts';
import type { FileProblem } from './problems.ts';
import { expandPatterns, isPattern } from './specs.ts';

/** One module to be written: from which spec, where to, and how. */
export interface Job {
  readonly spec: string;
  readonly out: string;
  readonly options: ModuleOptions;
}

export interface Jobs {
  readonly jobs: readonly Job[];
  readonly problems: readonly FileProblem[];
  /** What names the specs, beside the specs themselves: patterns, and the files of a configuration. */
  readonly patterns: readonly string[];
  readonly files: readonly string[];
  /** Whether these are all modules of their folders. */
  readonly isWhole: boolean;
}

/** The jobs that a command line names or, where it names no spec, the configuration. */
export async function findJobs(specs: readonly string[], flags: ModuleOptions): Promise<Jobs> {
  return specs.length > 0 ? jobsOfArguments(specs, flags) : jobsOfConfig(flags);
}

async function jobsOfArguments(specs: readonly string[], flags: ModuleOptions): Promise<Jobs> {
  const { files, problems } = await expandPatterns(specs);
  const jobs = files.map((spec) => ({ spec, out: flags.out ?? '.', options: flags }));
  return { jobs, problems, patterns: specs, files: [], isWhole: specs.some(isPattern) };
}

/** The jobs of the configuration that a folder has, or the nearest one above it. */
export async function jobsOfConfig(flags: ModuleOptions, folder = process.cwd()): Promise<Jobs> {
  const nothing = { jobs: [], patterns: [], files: [], isWhole: true };
  const config = findConfig(folder);
  if (config === undefined) {
    const expected =
      'expected specs, as in `longhand generate digits.net.json`, or a configuration: `longhand init` writes one';
    return { ...nothing, problems: [{ file: 'longhand.config.ts', path: '', found: 'found no such file', expected }] };
  }
  const file = fromHere(config);
  const read = await readConfig(config);
  if (!read.ok) return { ...nothing, files: read.files, problems: read.problems.map((one) => ({ ...one, file })) };
  return { ...(await jobsOfEntries(read.entries, dirname(config), flags)), files: read.files };
}

/** The jobs of a configuration that stands in a folder; `flags` come before its options. */
export async function jobsOfEntries(
  entries: readonly SpecEntry[],
  folder: string,
  flags: ModuleOptions = {},
): Promise<Jobs> {
  const found = await Promise.all(entries.map((entry) => jobsOfEntry(entry, folder, flags)));
  return {
    jobs: found.flatMap(({ jobs }) => jobs),
    problems: found.flatMap(({ problems }) => problems),
    patterns: found.flatMap(({ patterns }) => patterns),
    files: [],
    isWhole: true,
  };
}

async function jobsOfEntry(
  { spec, ...options }: SpecEntry,
  folder: string,
  flags: ModuleOptions,
): Promise<Pick<Jobs, 'jobs' | 'problems' | 'patterns'>> {
  const pattern = fromHere(resolve(folder, spec));
  const { files, problems } = await expandPatterns([pattern]);
  const weights = options.weights === undefined ? {} : { weights: fromHere(resolve(folder, options.weights)) };
  const out = flags.out ?? fromHere(resolve(folder, options.out ?? '.'));
  return {
    jobs: files.map((file) => ({ spec: file, out, options: { ...options, ...weights, ...flags } })),
    problems,
    patterns: [pattern],
  };
}

/** A path as a reader here would write it. */
function fromHere(path: string): string {
  const shown = relative(process.cwd(), path).replaceAll('\\', '/');
  return shown === '' ? '.' : shown;
}
