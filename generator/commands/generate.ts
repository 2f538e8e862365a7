import { Command, Option } from 'commander';
import type { ModuleOptions } from '../config/config.ts';
import { WriteError } from '../emit/write.ts';
import { weightPrecisions } from '../exchange/weights/pack.ts';
import { dump, dumpStages, forms, languages, listPasses } from '../index.ts';
import type { BuiltForm, Form } from '../pipeline.ts';
import { generateJobs } from './generateJobs.ts';
import { findJobs } from './jobs.ts';
import { positiveInteger } from './numbers.ts';
import { expandPatterns, forEachSpec, report } from './specs.ts';
import { watchJobs } from './watchJobs.ts';

interface Flags extends ModuleOptions {
  readonly check?: true;
  readonly watch?: true;
  readonly force?: true;
  readonly json?: true;
  readonly dump?: string;
}

/** `longhand generate [SPEC...]`: writes the module of each spec, compares it with the disk, or prints a stage. */
export function generateCommand(): Command {
  return new Command('generate')
    .description('write DIR/<name>.ts for each spec; without a spec, as longhand.config.ts says')
    .argument('[SPEC...]', '*.net.json or *.net.ts files, or quoted patterns of them')
    .option('--out <DIR>', 'the folder to write to (default: the current one)')
    .addOption(new Option('--form <FORM>', 'how the code is written').choices(forms))
    .option('--inference', 'only forward: smaller and fused')
    .option('--weights <FILE>', 'build the weights of a file in: .safetensors, .npz, .f32, .f64 or .json')
    .addOption(new Option('--precision <TYPE>', 'how --weights are kept').choices(weightPrecisions))
    .option('--companion', 'write DIR/<name>.weights.ts as well: reads and writes safetensors, in browsers too')
    .option('--deterministic', 'wasm: the same bits on every engine, without relaxed multiply-adds')
    .option('--winograd', 'convolutions by transformed tiles, in unrolled too: fewer products')
    .option('--no-winograd', 'fast, wasm: convolutions as the equations have them')
    .option('--wasm-file', 'wasm: write DIR/<name>.wasm as well, for engines that compile nothing at run time')
    .option('--source-map', 'write a source map as well: a line of the module leads to its layer in the spec')
    .option('--input-gradient', 'backward computes the gradient of the input as well')
    .option('--explain', 'derivations above the equations of gradients, in comments')
    .option('--max-terms <N>', 'the number of terms up to which code is unrolled', positiveInteger('--max-terms 20000'))
    .addOption(new Option('--language <LANGUAGE>', 'ts, or js: JavaScript and a file of types').choices(languages))
    .option('--check', 'write nothing; exit 1 with a diff where a file is missing or stale')
    .option('--force', 'replace files that longhand did not write, too')
    .addOption(new Option('--watch', 'generate again whenever a spec changes').conflicts('check'))
    .option('--json', 'print what was done, or what is wrong, as JSON')
    .addOption(
      new Option('--dump <STAGE>', 'print a stage, or what a pass gives, instead of writing files; `passes` lists them')
        .choices([...dumpStages, 'passes'])
        .conflicts(['check', 'watch']),
    )
    .showHelpAfterError('(longhand generate --help lists the options)')
    .action(runGenerate);
}

async function runGenerate(specs: readonly string[], flags: Flags): Promise<void> {
  const { check, watch, force, json, dump: stage, ...options } = flags;
  const run = { check: check ?? false, force: force ?? false, json: json ?? false };
  if (stage === 'passes') process.stdout.write(listPasses(named(options.form)));
  else if (stage !== undefined) {
    if (!(await printStage(specs, stage, options, run.json))) process.exitCode = 1;
  } else if (watch !== undefined) await watchJobs(() => findJobs(specs, options), run.force);
  else if (!(await reportingRefusals(async () => generateJobs(await findJobs(specs, options), run), run.json))) {
    process.exitCode = 1;
  }
}

/** The form whose passes are asked for; all where none is named. */
function named(form: Form | undefined): readonly BuiltForm[] | undefined {
  return form === undefined || form === 'auto' ? undefined : [form];
}

async function printStage(
  specs: readonly string[],
  stage: string,
  {
    out: _,
    fileName: _name,
    weights: _file,
    typedImports: _typed,
    wasmFile: _wasm,
    sourceMap: _map,
    ...options
  }: ModuleOptions,
  asJson: boolean,
): Promise<boolean> {
  const dumped = await forEachSpec(await expandPatterns(specs), (spec) => [dump(spec, stage, options)]);
  return report(
    dumped,
    (texts) => {
      for (const text of texts) process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
      return true;
    },
    asJson,
  );
}

/** What the file system refuses is a line for each file. */
async function reportingRefusals(run: () => Promise<boolean>, asJson: boolean): Promise<boolean> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof WriteError)) throw error;
    if (asJson)
      console.log(JSON.stringify({ problems: error.message.split('\n').map((message) => ({ message })) }, null, 2));
    else console.error(error.message);
    return false;
  }
}
