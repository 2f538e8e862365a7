import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { patternFolders, watchFolders } from '../emit/watch.ts';
import { isThere, type TargetFile, WriteError } from '../emit/write.ts';
import { printWarnings, writeAll } from './generateJobs.ts';
import type { Job, Jobs } from './jobs.ts';
import { findClashes, type Output, outputsOf } from './outputs.ts';
import { type FileProblem, printProblems } from './problems.ts';
import { typedImportsOf } from './typedImports.ts';

/** What the watch knows of a job from the last time that it ran. */
interface Known {
  readonly job: Job;
  /** Every file that the spec consists of, and how they were. */
  readonly files: readonly string[];
  readonly stamp: string;
  /** What it wrote last, which stays there while the spec is broken. */
  readonly outputs: readonly Output[];
}

/**
 * Generates every job, and again each one of which a file has changed, until the process ends. A broken spec says so and
 * holds nobody up; a new one is found by its pattern; the module of one that is gone goes too.
 */
export async function watchJobs(find: () => Promise<Jobs>, force: boolean): Promise<void> {
  let known: ReadonlyMap<string, Known> = new Map();
  let lastProblems = '';
  let isFirst = true;
  const run = async (): Promise<readonly string[]> => {
    const found = await find();
    const problems = JSON.stringify(found.problems);
    if (problems !== lastProblems) printProblems(found.problems, false);
    lastProblems = problems;
    known = await runChanged(found, known, force);
    const typed = typedImportsOf([...known.values()].flatMap(({ outputs }) => outputs));
    for (const path of writeAll(typed, force)) console.log(`wrote ${path}`);
    if (isFirst) console.log(`watching ${countOf(known.size)}; Ctrl+C ends it`);
    isFirst = false;
    const files = [...known.values()].flatMap((one) => one.files);
    return [...patternFolders([...found.patterns, ...found.files, ...files])];
  };
  await watchFolders(run);
}

function countOf(specs: number): string {
  return specs === 1 ? '1 spec' : `${specs} specs`;
}

async function runChanged(
  { jobs, problems, files }: Jobs,
  known: ReadonlyMap<string, Known>,
  force: boolean,
): Promise<ReadonlyMap<string, Known>> {
  const next = new Map<string, Known>();
  for (const job of jobs) {
    const key = JSON.stringify(job);
    const before = known.get(key);
    next.set(
      key,
      before !== undefined && before.stamp === stampOf(before.files)
        ? before
        : await runJob(job, before, [...next.values(), ...known.values()], force),
    );
  }
  // While a configuration is broken, nobody knows which specs are gone.
  if (problems.length > 0 && jobs.length === 0 && files.length > 0) return known;
  for (const [key, one] of known) if (!next.has(key)) removeOutputs(one, next);
  return next;
}

async function runJob(job: Job, before: Known | undefined, others: readonly Known[], force: boolean): Promise<Known> {
  let files: readonly string[] = [job.spec];
  const { outcome, warnings, notes } = await outputsOf(job, (imported) => {
    files = imported;
  });
  // While a module is broken it may not have come to all that it imports.
  const all = 'results' in outcome ? files : [...new Set([...files, ...(before?.files ?? [])])];
  const known = { job, files: all, stamp: stampOf(all), outputs: before?.outputs ?? [] };
  printWarnings(warnings);
  if (!('results' in outcome)) {
    printProblems(outcome.problems, false);
    return known;
  }
  const elsewhere = others.filter((one) => one.job.spec !== job.spec).flatMap(({ outputs }) => outputs);
  const clashes: readonly FileProblem[] = findClashes([...new Set([...elsewhere, ...outcome.results])]).filter(
    ({ file }) => file === job.spec,
  );
  if (clashes.length > 0) {
    printProblems(clashes, false);
    return known;
  }
  try {
    for (const note of notes) console.log(note);
    const written = writeAll(outcome.results, force);
    for (const path of written) console.log(`wrote ${path}`);
    if (written.length === 0) for (const { path } of outcome.results) console.log(`unchanged: ${join(job.out, path)}`);
    removeOutputs({ ...known, outputs: known.outputs }, new Map([['', { ...known, outputs: outcome.results }]]));
    return { ...known, outputs: outcome.results };
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    console.error(error.message);
    return known;
  }
}

/** Removes what a job wrote and no other writes, unless somebody has changed it since. */
function removeOutputs({ outputs }: Known, others: ReadonlyMap<string, Known>): void {
  const pathOf = ({ job, path }: Output): string => join(job.out, path);
  const kept = new Set([...others.values()].flatMap((one) => one.outputs.map(pathOf)));
  for (const output of outputs) {
    const path = pathOf(output);
    if (kept.has(path) || !isUntouched(path, output)) continue;
    rmSync(path, { force: true });
    console.log(`removed ${path}`);
  }
}

function isUntouched(path: string, { content }: TargetFile): boolean {
  try {
    return isThere(path, content);
  } catch {
    return false;
  }
}

/** How files are: when they were changed last, their sizes, and which of them are there at all. */
function stampOf(files: readonly string[]): string {
  return files
    .map((file) => {
      const there = statSync(file, { throwIfNoEntry: false });
      return there === undefined ? '-' : `${there.mtimeMs} ${there.size} ${there.ino}`;
    })
    .join(',');
}
