#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { glob, isDynamicPattern } from 'tinyglobby';
import { watchFiles } from './emit/watch.ts';
import { checkFiles, type TargetFile, WriteError, writeFiles } from './emit/write.ts';
import { type DumpStage, dump, dumpStages, forms, type GenerateOptions, generate } from './index.ts';
import { formatProblem, SpecError } from './spec/problem.ts';
import { readSpec } from './spec/read.ts';

interface Flags extends GenerateOptions {
  readonly out: string;
  readonly check?: true;
  readonly watch?: true;
  readonly dump?: DumpStage;
}

/** What the specs gave: one result each, or every problem of every spec as a line of text. */
type Outcome<T> = { readonly results: readonly T[] } | { readonly problems: readonly string[] };

process.on('uncaughtException', fail);
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of a pipe has seen enough, as in `longhand generate … --dump loops | head`.
  if (error.code === 'EPIPE') process.exit();
  throw error;
});
await program().parseAsync().catch(fail);

function program(): Command {
  const command = new Command('longhand')
    .description('Writes small convolutional networks out in full, as TypeScript without dependencies.')
    .version(packageVersion(), '--version');
  command
    .command('generate')
    .description('write DIR/<name>.ts for each spec')
    .argument('<SPEC...>', '*.net.json or *.net.ts files, or quoted patterns of them')
    .option('--out <DIR>', 'the folder to write to', '.')
    .addOption(new Option('--form <FORM>', 'how the code is written').choices(forms))
    .option('--inference', 'only forward: smaller and fused')
    .option('--input-gradient', 'backward computes the gradient of the input as well')
    .option('--max-terms <N>', 'the number of terms up to which code is unrolled', parseMaxTerms)
    .option('--check', 'write nothing; exit 1 with a diff where a file is missing or stale')
    .addOption(new Option('--watch', 'generate again whenever a spec changes').conflicts('check'))
    .addOption(
      new Option('--dump <STAGE>', 'print a stage instead of writing files')
        .choices(dumpStages)
        .conflicts(['check', 'watch']),
    )
    .showHelpAfterError('(longhand generate --help lists the options)')
    .action(runGenerate);
  return command;
}

async function runGenerate(patterns: readonly string[], flags: Flags): Promise<void> {
  if (flags.watch === undefined) {
    if (!(await generateOnce(patterns, flags))) process.exitCode = 1;
    return;
  }
  const { files } = await expandPatterns(patterns);
  try {
    watchFiles(files, async () => {
      await generateOnce(patterns, flags);
    });
  } catch {
    throw new WriteError('--watch: found a folder that cannot be watched; expected the folders of the specs to exist');
  }
}

/** One run over all specs; false after a problem, which it has printed. */
async function generateOnce(patterns: readonly string[], flags: Flags): Promise<boolean> {
  const { files, problems } = await expandPatterns(patterns);
  const stage = flags.dump;
  const options = generateOptions(flags);
  try {
    if (stage !== undefined) {
      const dumped = await forEachSpec(files, problems, (spec) => [dump(spec, stage, options)]);
      return report(dumped, (texts) => printDumps(texts));
    }
    const generated = await forEachSpec(files, problems, (spec, file) =>
      generate(spec, options).map((output) => ({ ...output, file })),
    );
    return report(refuseClashes(generated), (outputs) =>
      flags.check === undefined ? writeOutputs(outputs, flags.out) : checkOutputs(outputs, flags.out),
    );
  } catch (error) {
    // While a watch runs, the folder that is missing now may be there after the next change.
    if (!(error instanceof WriteError)) throw error;
    console.error(error.message);
    return false;
  }
}

/** The spec files that the arguments name; a shell may have left patterns as they are. */
async function expandPatterns(patterns: readonly string[]): Promise<{ files: string[]; problems: string[] }> {
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
async function forEachSpec<T>(
  files: readonly string[],
  earlier: readonly string[],
  run: (spec: unknown, file: string) => readonly T[],
): Promise<Outcome<T>> {
  const results: T[] = [];
  const problems = [...earlier];
  for (const file of files) {
    try {
      const read = await readSpec(file);
      if (!read.ok) throw new SpecError(read.problems);
      results.push(...run(read.spec, file));
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      problems.push(...error.problems.map((problem) => formatProblem(problem, file)));
    }
  }
  return problems.length > 0 ? { problems } : { results };
}

type Output = TargetFile & { readonly file: string };

/** Two specs must not write one file; names that differ in case alone are one file on some systems. */
function refuseClashes(generated: Outcome<Output>): Outcome<Output> {
  if ('problems' in generated) return generated;
  const first = new Map<string, Output>();
  const problems: string[] = [];
  for (const output of generated.results) {
    const earlier = first.get(output.path.toLowerCase());
    if (earlier === undefined) first.set(output.path.toLowerCase(), output);
    else {
      const found = `found a name whose file, ${output.path}, is also that of ${earlier.file}`;
      problems.push(formatProblem({ path: 'name', found, expected: 'expected a name of its own' }, output.file));
    }
  }
  return problems.length > 0 ? { problems } : generated;
}

function report<T>(outcome: Outcome<T>, finish: (results: readonly T[]) => boolean): boolean {
  if ('results' in outcome) return finish(outcome.results);
  for (const problem of outcome.problems) console.error(problem);
  return false;
}

function printDumps(texts: readonly string[]): boolean {
  for (const text of texts) process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  return true;
}

function writeOutputs(outputs: readonly Output[], folder: string): boolean {
  const written = writeFiles(folder, outputs);
  for (const path of written) console.log(`wrote ${path}`);
  if (written.length === 0) console.log(`unchanged: ${outputs.length} ${outputs.length === 1 ? 'file' : 'files'}`);
  return true;
}

function checkOutputs(outputs: readonly Output[], folder: string): boolean {
  const differences = checkFiles(folder, outputs);
  for (const { path, kind, diff } of differences) {
    console.error(`${path}: ${kind}`);
    if (diff !== '') console.log(diff);
  }
  if (differences.length > 0) console.error(`To mend it, run: ${commandWithoutCheck()}`);
  return differences.length === 0;
}

/** This command line as one writes it in a shell, without `--check`. */
function commandWithoutCheck(): string {
  const self = import.meta.url.endsWith('.ts') ? ['npx', 'tsx', 'generator/cli.ts'] : ['npx', 'longhand'];
  const words = [...self, ...process.argv.slice(2).filter((word) => word !== '--check')];
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

function generateOptions({ form, inference, inputGradient, maxTerms }: Flags): GenerateOptions {
  return {
    ...(form === undefined ? {} : { form }),
    ...(inference === undefined ? {} : { inference }),
    ...(inputGradient === undefined ? {} : { inputGradient }),
    ...(maxTerms === undefined ? {} : { maxTerms }),
  };
}

function parseMaxTerms(text: string): number {
  const terms = Number(text);
  if (/^\d+$/.test(text) && terms > 0 && Number.isSafeInteger(terms)) return terms;
  throw new InvalidArgumentError('Expected a positive integer, such as --max-terms 20000.');
}

function packageVersion(): string {
  // The same place from generator/ and from dist/.
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}

/** The end of every error that no sentence was written for; a stack would help nobody but us. */
function fail(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  const firstLine = message.split('\n', 1)[0];
  if (error instanceof WriteError) console.error(message);
  else console.error(`longhand: this is a fault in longhand, please report it: ${firstLine}`);
  if (process.env.LONGHAND_DEBUG === '1') console.error(error);
  process.exit(1);
}
