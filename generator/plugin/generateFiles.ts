import { dirname, resolve } from 'node:path';
import { writeAll } from '../commands/generateJobs.ts';
import { jobsOfConfig, jobsOfEntries } from '../commands/jobs.ts';
import { findClashes, type Output, outputsOf } from '../commands/outputs.ts';
import type { FileProblem } from '../commands/problems.ts';
import { modulesOf, requestOf, typedImportsOf } from '../commands/typedImports.ts';
import type { LonghandConfig } from '../config/config.ts';
import { entriesOf } from '../config/readConfig.ts';
import { patternFolders } from '../emit/watch.ts';
import { WriteError } from '../emit/write.ts';
import { formatProblem } from '../spec/problem.ts';

/** What a bundler shows of something wrong. */
export interface PluginProblem {
  readonly message: string;
  readonly loc?: { readonly file: string; readonly line: number; readonly column: number };
}

/** What one run did, and what must change before another. */
export interface PluginRun {
  readonly written: readonly string[];
  readonly problems: readonly PluginProblem[];
  readonly files: readonly string[];
  /** The modules, as absolute paths. */
  readonly modules: readonly string[];
  /** The module that an import such as `/project/digits.net.json?longhand` stands for. */
  readonly imports: ReadonlyMap<string, string>;
  /** Folders in which new specs may come to stand. */
  readonly folders: readonly string[];
}

/** Writes the same files as `longhand generate` does: those of the given configuration, or of the folder's own. */
export async function generateFiles(config: LonghandConfig | undefined, folder: string): Promise<PluginRun> {
  const jobs = config === undefined ? await jobsOfConfig({}, folder) : await jobsOfEntries(entriesOf(config), folder);
  const files = new Set(jobs.files);
  const problems: FileProblem[] = [...jobs.problems];
  const outputs: Output[] = [];
  for (const job of jobs.jobs) {
    const { outcome } = await outputsOf(job, (imported) => {
      for (const file of imported) files.add(file);
    });
    if ('results' in outcome) outputs.push(...outcome.results);
    else problems.push(...outcome.problems);
  }
  problems.push(...findClashes(outputs));
  const modules = outputs.map(({ job, path }) => resolve(job.out, path));
  const imports = new Map(
    modulesOf(outputs).map(({ job, path, stem, isFirst }) => {
      return [resolve(dirname(job.spec), requestOf(job, stem, isFirst)), resolve(job.out, path)];
    }),
  );
  const found = { files: [...files], modules, imports, folders: [...patternFolders(jobs.patterns)] };
  const shown = problems.map(toPluginProblem);
  // A broken spec keeps its module of before; the others go on.
  try {
    return { ...found, written: writeAll([...outputs, ...typedImportsOf(outputs)], false), problems: shown };
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    return { ...found, written: [], problems: [...shown, { message: error.message }] };
  }
}

function toPluginProblem(problem: FileProblem): PluginProblem {
  const { file, place } = problem;
  const message = formatProblem(problem, file);
  // Bundlers count columns from 0.
  return place === undefined
    ? { message }
    : { message, loc: { file: resolve(file), line: place.line, column: place.column - 1 } };
}
