import { Command } from 'commander';
import { positiveInteger } from './numbers.ts';
import { progressBars } from './progress.ts';
import { expandPatterns, forEachSpec, report } from './specs.ts';

interface Flags {
  readonly quick?: true;
  readonly inference?: true;
  readonly maxTerms?: number;
  readonly json?: true;
}

/** `longhand bench SPEC...`: times every form of each spec on this machine and says which to take. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('time every form of each spec on this machine and say which is the fastest')
    .argument('<SPEC...>', '*.net.json or *.net.ts files, or quoted patterns of them')
    .option('--quick', 'a first impression in two seconds, instead of a result in five to ten')
    .option('--inference', 'time the modules that generate --inference writes')
    .option('--max-terms <N>', 'the number of terms up to which code is unrolled', positiveInteger('--max-terms 20000'))
    .option('--json', 'print the timings as JSON')
    .showHelpAfterError('(longhand bench --help lists the options)')
    .action(runBench);
}

async function runBench(patterns: readonly string[], flags: Flags): Promise<void> {
  // The compiler that reads the generated modules takes half a second to load, which no other command should pay for.
  const { benchNetwork, benchSubjectOf, printBench, quick, thorough } = await import('../bench/index.ts');
  const progressBar = await progressBars();
  const { json, inference, maxTerms } = flags;
  const options = { ...(inference && { inference }), ...(maxTerms !== undefined && { maxTerms }) };
  const subjects = await forEachSpec(await expandPatterns(patterns), (spec) => [benchSubjectOf(spec, options)]);
  const succeeded = report(subjects, (all) => {
    const benches = all.map((subject) => {
      const bar = progressBar(subject.network.name);
      try {
        return benchNetwork(subject, { effort: flags.quick ? quick : thorough, onProgress: bar.update });
      } finally {
        bar.stop();
      }
    });
    if (json === undefined) for (const bench of benches) console.log(printBench(bench));
    else console.log(JSON.stringify(benches, null, 2));
    return true;
  });
  if (!succeeded) process.exitCode = 1;
}
