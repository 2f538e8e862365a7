import { Command, Option } from 'commander';
import type { Form } from '../pipeline.ts';
import { forms } from '../pipeline.ts';
import type { Proof } from '../prove/proof.ts';
import type { ProveOptions } from '../prove/prove.ts';
import { positiveInteger, wholeNumber } from './numbers.ts';
import { progressBars } from './progress.ts';
import { expandPatterns, forEachSpec, report } from './specs.ts';

interface Flags {
  readonly form: Form;
  readonly seed: number;
  readonly rounds?: number;
  readonly json?: true;
}

/** `longhand prove SPEC...`: proves the emitted gradients of each spec exactly; exits 1 where one is not proved. */
export function proveCommand(): Command {
  return new Command('prove')
    .description('prove in exact arithmetic that the emitted backward pass is the derivative of the forward pass')
    .argument('<SPEC...>', '*.net.json or *.net.ts files, or quoted patterns of them')
    .addOption(new Option('--form <FORM>', 'how the code is written').choices(forms).default('auto'))
    .option('--seed <N>', 'seed of all random numbers', wholeNumber('--seed 7'), 1)
    .option('--rounds <N>', 'points at most, if branches ask for many', positiveInteger('--rounds 200'))
    .option('--json', 'print the proofs as JSON')
    .showHelpAfterError('(longhand prove --help lists the options)')
    .action(runProve);
}

async function runProve(patterns: readonly string[], flags: Flags): Promise<void> {
  // The compiler that reads the modules back takes half a second to load, which no other command should pay for.
  const { meaning, printProof, proveNetwork } = await import('../prove/index.ts');
  const progressBar = await progressBars();
  const { json, form, seed, rounds } = flags;
  const options = { form, seed, ...(rounds === undefined ? {} : { rounds }) };
  const proofs = await forEachSpec(await expandPatterns(patterns), (spec, file) => {
    const bar = progressBar(file);
    const onProgress: ProveOptions['onProgress'] = ({ share }) => bar.update(share);
    try {
      return [proveNetwork(spec, { ...options, onProgress })];
    } finally {
      bar.stop();
    }
  });
  const proved = report(proofs, (all: readonly Proof[]) => {
    console.log(json === undefined ? [...all.map(printProof), meaning].join('\n') : JSON.stringify(all, null, 2));
    return all.every((proof) => proof.proved);
  });
  if (!proved) process.exitCode = 1;
}
