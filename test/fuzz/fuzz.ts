import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { setup } from '../compile.ts';
import { caseText } from './cases.ts';
import { expectSoundRun } from './commandLine.ts';
import { expectSoundOutcome } from './expectation.ts';
import { anyOptions } from './options.ts';
import { showProgress } from './progress.ts';

/**
 * Feeds longhand with thousands of hostile specs: `npm run fuzz`.
 *
 *   --runs N    texts tried within this process (10,000)
 *   --cli N     texts tried through the command line, each a process of its own (100)
 *   --seed N    repeats a run; every run prints its seed
 *   --path P    with the seed, repeats one failure; a failure prints the whole command
 */
const { values: flags } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    cli: { type: 'string', default: '100' },
    seed: { type: 'string' },
    path: { type: 'string' },
  },
});

/** Milliseconds for which a failing case is made smaller. */
const shrinkingLimit = 60_000;

const seed = flags.seed === undefined ? randomInt(2 ** 31) : Number(flags.seed);
const replay = flags.path === undefined ? {} : { path: flags.path };
console.log(`seed ${seed}`);
setup();

const count = { accepted: 0, refused: 0 };
const sound = [
  () =>
    explore('in this process', Number(flags.runs), fc.tuple(caseText, anyOptions), ([text, options]) => {
      count[expectSoundOutcome(text, options).kind]++;
    }),
  () => explore('through the command line', Number(flags.cli), caseText, expectSoundRun),
].every((run) => run());
console.log(`${count.accepted} accepted, ${count.refused} refused`);
if (!sound) process.exitCode = 1;

/** Tries a property on random cases; the first failure is printed at once, and again when it has been made small. */
function explore<Case>(where: string, runs: number, cases: fc.Arbitrary<Case>, require: (one: Case) => void): boolean {
  if (runs === 0) return true;
  const progress = showProgress(where, runs);
  let end = Number.POSITIVE_INFINITY;
  const property = fc.property(cases, (one) => {
    // What passes is not made smaller any further.
    if (performance.now() > end) return;
    try {
      require(one);
    } catch (error) {
      if (end === Number.POSITIVE_INFINITY) {
        end = performance.now() + shrinkingLimit;
        console.error(`\n${textOf(error)}\n… looking for a smaller case`);
      }
      throw error;
    }
    progress.advance();
  });
  const details = fc.check(property, { numRuns: runs, seed, ...replay });
  progress.end();
  if (!details.failed) return true;
  console.error(fc.defaultReportMessage(details));
  console.error(textOf(details.errorInstance));
  const alone = cases === caseText ? '--runs 0' : '--cli 0';
  console.error(`To repeat it: npm run fuzz -- ${alone} --seed ${seed} --path ${details.counterexamplePath}`);
  return false;
}

function textOf(error: unknown): string {
  return error instanceof Error && error.stack !== undefined ? error.stack : String(error);
}
