import { findOrphans } from '../emit/orphans.ts';
import { foreignFiles, refuseForeign } from '../emit/ownership.ts';
import { checkFiles, writeFiles } from '../emit/write.ts';
import { formatProblem } from '../spec/problem.ts';
import type { Jobs } from './jobs.ts';
import { byFolder, findClashes, type Output, outputsOf } from './outputs.ts';
import { type FileProblem, printProblems, toJsonProblem } from './problems.ts';
import { typedImportsOf } from './typedImports.ts';

/** How a run tells what it did, and what it may do. */
export interface RunOptions {
  readonly check: boolean;
  readonly force: boolean;
  readonly json: boolean;
}

/** Generates every job and writes the files, or compares them with the disk; false after a problem, which it has printed. */
export async function generateJobs(found: Jobs, options: RunOptions): Promise<boolean> {
  const outputs: Output[] = [];
  const problems = [...found.problems];
  const warnings: FileProblem[] = [];
  const notes: string[] = [];
  for (const job of found.jobs) {
    const one = await outputsOf(job);
    warnings.push(...one.warnings);
    notes.push(...one.notes);
    if ('results' in one.outcome) outputs.push(...one.outcome.results);
    else problems.push(...one.outcome.problems);
  }
  if (problems.length === 0) problems.push(...findClashes(outputs));
  if (!options.json) printWarnings(warnings);
  if (problems.length > 0) {
    printProblems(problems, options.json);
    return false;
  }
  outputs.push(...typedImportsOf(outputs));
  if (!options.json) for (const note of notes) console.log(note);
  return options.check
    ? checkOutputs(outputs, found.isWhole, warnings, options)
    : writeOutputs(outputs, warnings, options);
}

export function printWarnings(warnings: readonly FileProblem[]): void {
  for (const warning of warnings) console.error(`warning: ${formatProblem(warning, warning.file)}`);
}

/** Writes outputs into their folders and returns the paths of those that changed. */
export function writeAll(outputs: readonly Output[], force: boolean): string[] {
  const folders = [...byFolder(outputs)];
  if (!force) for (const [folder, files] of folders) refuseForeign(folder, files);
  return folders.flatMap(([folder, files]) => writeFiles(folder, files));
}

function writeOutputs(
  outputs: readonly Output[],
  warnings: readonly FileProblem[],
  { force, json }: RunOptions,
): boolean {
  const written = writeAll(outputs, force);
  const unchanged = outputs.length - written.length;
  if (json) console.log(JSON.stringify({ written, unchanged, warnings: warnings.map(toJsonProblem) }, null, 2));
  else {
    for (const path of written) console.log(`wrote ${path}`);
    if (written.length === 0) console.log(`unchanged: ${unchanged} ${unchanged === 1 ? 'file' : 'files'}`);
  }
  return true;
}

function checkOutputs(
  outputs: readonly Output[],
  isWhole: boolean,
  warnings: readonly FileProblem[],
  { json }: RunOptions,
): boolean {
  const folders = [...byFolder(outputs)];
  const foreign = new Set(folders.flatMap(([folder, files]) => foreignFiles(folder, files)));
  const differences = folders
    .flatMap(([folder, files]) => checkFiles(folder, files))
    .map((one) => (foreign.has(one.path) ? { ...one, kind: 'not written by longhand', diff: '' } : one));
  const orphans = isWhole ? folders.flatMap(([folder, files]) => findOrphans(folder, files)) : [];
  const isRight = differences.length + orphans.length === 0;
  if (json) {
    console.log(JSON.stringify({ differences, orphans, warnings: warnings.map(toJsonProblem) }, null, 2));
    return isRight;
  }
  for (const { path, kind, diff } of differences) {
    console.error(`${path}: ${kind}`);
    if (diff !== '') console.log(diff);
  }
  for (const path of orphans)
    console.error(`${path}: orphan: longhand wrote it, and no spec makes it any more; delete it`);
  if (differences.length > 0) console.error(`To mend it, run: ${commandWithoutCheck()}`);
  return isRight;
}

/** This command line as one writes it in a shell, without `--check`. */
function commandWithoutCheck(): string {
  const self = import.meta.url.endsWith('.ts') ? ['npx', 'tsx', 'generator/cli.ts'] : ['npx', 'longhand'];
  const words = [...self, ...process.argv.slice(2).filter((word) => word !== '--check')];
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}
