import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { writeFiles } from '../emit/write.ts';
import { readWeights } from '../exchange/weights/files.ts';
import { fitWeights } from '../exchange/weights/fit.ts';
import { slotsOf } from '../exchange/weights/slots.ts';
import { stages } from '../pipeline.ts';
import { formatProblem, SpecError } from '../spec/problem.ts';
import type { StudyFormat, StudyNames, StudyOptions, StudyValues } from '../study/index.ts';
import { serve } from './serve.ts';
import { expandPatterns, forEachSpec, report, runSpec } from './specs.ts';

interface Flags {
  readonly out: string;
  readonly names?: string;
  readonly values?: string;
  readonly weights?: string;
  readonly format: StudyFormat;
  readonly serve?: true;
}

/** `longhand study SPEC...`: a network, its equations and its code on one page. */
export function studyCommand(): Command {
  return new Command('study')
    .description('write DIR/<name>.html: equations, derivations, code and numbers of each spec on one page')
    .argument('<SPEC...>', '*.net.json or *.net.ts files, or quoted patterns of them')
    .option('--out <DIR>', 'the folder to write to', '.')
    .option('--names <FILE>', 'names of your own text (default: <SPEC>.names.json where there is one)')
    .option('--values <FILE>', 'inputs, targets and weights to begin with (default: <SPEC>.values.json)')
    .option('--weights <FILE>', 'weights to begin with: .safetensors, .npz, .f32, .f64 or .json')
    .addOption(
      new Option('--format <FORMAT>', 'a page, or a handout').choices(['html', 'latex', 'markdown']).default('html'),
    )
    .option('--serve', 'show the page at an address of this machine instead of writing it')
    .showHelpAfterError('(longhand study --help lists the options)')
    .action(runStudy);
}

async function runStudy(patterns: readonly string[], flags: Flags): Promise<void> {
  // The compiler that erases the types of the page's script takes half a second to load.
  const { study } = await import('../study/index.ts');
  const named = await expandPatterns(patterns);
  const files: string[] = [];
  const studied = await forEachSpec(named, (spec, file) => {
    files.push(file);
    return [study(spec, optionsFor(spec, file, flags))];
  });
  const done = report(studied, (pages) => {
    if (flags.serve) {
      const fileOf = new Map(pages.map(({ path }, n) => [path, files[n] as string]));
      serve([...fileOf.keys()], async (name) => {
        const file = fileOf.get(name) as string;
        const anew = await runSpec(file, (spec) => [study(spec, optionsFor(spec, file, flags))]);
        if ('problems' in anew)
          return { problem: `${anew.problems.map((one) => formatProblem(one, one.file)).join('\n')}\n` };
        return { content: anew.results[0]?.content ?? '' };
      });
      return true;
    }
    const written = writeFiles(flags.out, pages);
    for (const path of written) console.log(`wrote ${path}`);
    if (written.length === 0) console.log(`unchanged: ${pages.map(({ path }) => join(flags.out, path)).join(', ')}`);
    return true;
  });
  if (!done) process.exitCode = 1;
}

function optionsFor(spec: unknown, file: string, flags: Flags): StudyOptions {
  const beside = (kind: string): string | undefined => {
    const path = file.replace(/\.net\.[cm]?[jt]s(on)?$/, `.${kind}.json`);
    return path !== file && existsSync(path) ? path : undefined;
  };
  const [names, values] = [flags.names ?? beside('names'), flags.values ?? beside('values')];
  return {
    format: flags.format,
    ...(names !== undefined && { names: readData(names) as StudyNames }),
    ...(values !== undefined && { values: readData(values) as StudyValues }),
    ...(flags.weights !== undefined && { weights: weightsOf(spec, flags.weights) }),
  };
}

function readData(file: string): unknown {
  const refuse = (found: string): never => {
    throw new SpecError([{ path: file, found, expected: 'expected a JSON file with one object' }]);
  };
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    refuse(error instanceof SyntaxError ? `found no JSON (${error.message})` : 'found no file that can be read');
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : refuse('found something else');
}

function weightsOf(spec: unknown, file: string): Float64Array {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch {
    throw new SpecError([{ path: file, found: 'found no file that can be read', expected: 'expected weights' }]);
  }
  return fitWeights(slotsOf(stages.shape(stages.parse(spec))), readWeights(file, bytes));
}
