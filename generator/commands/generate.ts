import { Command, Option } from 'commander';
import { watchFiles } from '../emit/watch.ts';
import { checkFiles, type TargetFile, WriteError, writeFiles } from '../emit/write.ts';
import { weightPrecisions } from '../exchange/weights/pack.ts';
import { type DumpStage, dump, dumpStages, forms, type GenerateOptions, generate } from '../index.ts';
import { formatProblem } from '../spec/problem.ts';
import { type BuiltIn, builtInWeights } from './builtInWeights.ts';
import { positiveInteger } from './numbers.ts';
import { expandPatterns, forEachSpec, type Outcome, report } from './specs.ts';

interface Flags extends Omit<GenerateOptions, 'weights'> {
  readonly out: string;
  readonly weights?: string;
  readonly check?: true;
  readonly watch?: true;
  readonly dump?: DumpStage;
}

/** `longhand generate SPEC...`: writes the module of each spec, compares it with the disk, or prints a stage. */
export function generateCommand(): Command {
  return new Command('generate')
    .description('write DIR/<name>.ts for each spec')
    .argument('<SPEC...>', '*.net.json or *.net.ts files, or quoted patterns of them')
    .option('--out <DIR>', 'the folder to write to', '.')
    .addOption(new Option('--form <FORM>', 'how the code is written').choices(forms))
    .option('--inference', 'only forward: smaller and fused')
    .option('--weights <FILE>', 'build the weights of a file in: .safetensors, .npz, .f32, .f64 or .json')
    .addOption(new Option('--precision <TYPE>', 'how --weights are kept').choices(weightPrecisions))
    .option('--companion', 'write DIR/<name>.weights.ts as well: reads and writes safetensors, in browsers too')
    .option('--deterministic', 'wasm: the same bits on every engine, without relaxed multiply-adds')
    .option('--input-gradient', 'backward computes the gradient of the input as well')
    .option('--explain', 'derivations above the equations of gradients, in comments')
    .option('--max-terms <N>', 'the number of terms up to which code is unrolled', positiveInteger('--max-terms 20000'))
    .option('--check', 'write nothing; exit 1 with a diff where a file is missing or stale')
    .addOption(new Option('--watch', 'generate again whenever a spec changes').conflicts('check'))
    .addOption(
      new Option('--dump <STAGE>', 'print a stage instead of writing files')
        .choices(dumpStages)
        .conflicts(['check', 'watch']),
    )
    .showHelpAfterError('(longhand generate --help lists the options)')
    .action(runGenerate);
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
  const specs = await expandPatterns(patterns);
  const stage = flags.dump;
  const options = generateOptions(flags);
  try {
    if (stage !== undefined) {
      const dumped = await forEachSpec(specs, (spec) => [dump(spec, stage, options)]);
      return report(dumped, printDumps);
    }
    const notes: string[] = [];
    const generated = await forEachSpec(specs, async (spec, file) => {
      const builtIn = await builtInOf(spec, flags);
      notes.push(...(builtIn === undefined ? [] : [builtIn.note]));
      return generate(spec, { ...options, ...builtIn?.options }).map((output) => ({ ...output, file }));
    });
    return report(refuseClashes(generated), (outputs) => {
      for (const note of notes) console.log(note);
      return flags.check === undefined ? writeOutputs(outputs, flags.out) : checkOutputs(outputs, flags.out);
    });
  } catch (error) {
    // While a watch runs, the folder that is missing now may be there after the next change.
    if (!(error instanceof WriteError)) throw error;
    console.error(error.message);
    return false;
  }
}

async function builtInOf(spec: unknown, { weights, precision = 'float32' }: Flags): Promise<BuiltIn | undefined> {
  return weights === undefined ? undefined : builtInWeights(spec, weights, precision);
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

function generateOptions({
  form,
  inference,
  explain,
  inputGradient,
  deterministic,
  maxTerms,
  companion,
}: Flags): GenerateOptions {
  return {
    ...(form === undefined ? {} : { form }),
    ...(inference === undefined ? {} : { inference }),
    ...(explain === undefined ? {} : { explain }),
    ...(inputGradient === undefined ? {} : { inputGradient }),
    ...(deterministic === undefined ? {} : { deterministic }),
    ...(maxTerms === undefined ? {} : { maxTerms }),
    ...(companion === undefined ? {} : { companion }),
  };
}
