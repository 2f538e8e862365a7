import { styleText } from 'node:util';
import { Command, Option } from 'commander';
import type { NetworkCheck } from '../check/check.ts';
import type { ConcreteForm } from '../check/forms.ts';
import type { Paint } from '../check/table.ts';
import { forms } from '../pipeline.ts';
import { positiveInteger, wholeNumber } from './numbers.ts';
import { progressBars } from './progress.ts';
import { expandPatterns, forEachSpec, report } from './specs.ts';

interface Flags {
  readonly seed: number;
  readonly samples: number;
  readonly maxTerms?: number;
  readonly form?: ConcreteForm;
  readonly json?: true;
}

/** `longhand check SPEC...`: checks the generated modules of each spec numerically; exits 1 when something is off. */
export function checkCommand(): Command {
  return new Command('check')
    .description('check the generated code of each spec against the reference and finite differences')
    .argument('<SPEC...>', '*.net.json or *.net.ts files, or quoted patterns of them')
    .addOption(
      new Option('--form <FORM>', 'the only form to check (default: unrolled and fast, against each other)').choices(
        forms.filter((form) => form !== 'auto'),
      ),
    )
    .option('--seed <N>', 'seed of all random numbers', wholeNumber('--seed 7'), 1)
    .option('--samples <N>', 'random samples of parameters, input and target', positiveInteger('--samples 5'), 3)
    .option('--max-terms <N>', 'the number of terms up to which code is unrolled', positiveInteger('--max-terms 20000'))
    .option('--json', 'print the results as JSON')
    .showHelpAfterError('(longhand check --help lists the options)')
    .action(runCheck);
}

async function runCheck(patterns: readonly string[], flags: Flags): Promise<void> {
  // The compiler that reads the generated modules takes half a second to load, which no other command should pay for.
  const { checkSubject, printCheck, subjectOf } = await import('../check/index.ts');
  const progressBar = await progressBars();
  const { maxTerms, form, json, seed, samples } = flags;
  const options = { ...(maxTerms === undefined ? {} : { maxTerms }), ...(form === undefined ? {} : { forms: [form] }) };
  const subjects = await forEachSpec(await expandPatterns(patterns), (spec) => [subjectOf(spec, options)]);
  const passed = report(subjects, (all) => {
    const checks = all.map((subject) => {
      const bar = progressBar(subject.network.name);
      try {
        return checkSubject(subject, { seed, samples, onProgress: bar.update });
      } finally {
        bar.stop();
      }
    });
    if (json === undefined) for (const check of checks) console.log(printCheck(check, paint()));
    else console.log(toJson(checks));
    return checks.every((check) => check.passed);
  });
  if (!passed) process.exitCode = 1;
}

/** Colours for a terminal that shows them; see https://no-color.org for the variable. */
function paint(): Paint {
  const hasColours = process.stdout.isTTY && !process.env.NO_COLOR;
  return hasColours ? (style, text) => styleText(style, text) : (_, text) => text;
}

/** An array of `NetworkCheck`. JSON has no infinity: it is the string 'Infinity'. */
function toJson(checks: readonly NetworkCheck[]): string {
  const finite = (_: string, value: unknown) => (value === Number.POSITIVE_INFINITY ? 'Infinity' : value);
  return JSON.stringify(checks, finite, 2);
}
