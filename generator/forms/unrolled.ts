import { printModule } from '../emit/module.ts';
import { viewUnrolled } from '../emit/unrolled.ts';
import type { Program } from '../equations/equation.ts';
import { commuteMaxima } from '../passes/commuteMaxima.ts';
import { cut } from '../passes/cut.ts';
import { derive } from '../passes/derive.ts';
import { dropUnneeded } from '../passes/dropUnneeded.ts';
import { dropUnread } from '../passes/dropUnread.ts';
import { followWinners } from '../passes/followWinners.ts';
import { gatherAll } from '../passes/gather.ts';
import { joinSums } from '../passes/joinSums.ts';
import { lowerStep } from '../passes/lowerStep.ts';
import { moveToLoss } from '../passes/moveToLoss.ts';
import { padBorders } from '../passes/padBorders.ts';
import { startWith } from '../passes/pass.ts';
import { positiveFirst } from '../passes/positiveFirst.ts';
import { shareExponentials } from '../passes/shareExponentials.ts';
import { shortenChains } from '../passes/shortenChains.ts';
import { winograd } from '../passes/winograd.ts';
import { write } from '../passes/write.ts';
import { writeOut } from '../passes/writeOut.ts';
import { calledPasses } from '../schedule/calledPass.ts';
import { estimateTerms } from '../schedule/estimate.ts';
import { policy } from '../schedule/policy.ts';
import { termsIn } from '../schedule/terms.ts';
import { blocksOf, type UnrolledPlan } from '../schedule/unrolled/plan.ts';
import { winogradTiles } from '../schedule/winogradTiles.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { SpecError } from '../spec/problem.ts';
import type { Form } from './form.ts';
import { scalars } from './machines.ts';

export interface WrittenOut {
  readonly form: 'unrolled';
  readonly plan: UnrolledPlan;
  /** Terms up to which it is written out without asking. */
  readonly limit: number;
}

/** As the spec says them, one sum for each element: what a reader compares with a textbook. */
export const literal = startWith(write)
  .next(derive)
  .next(gatherAll)
  .next(joinSums)
  .next(shareExponentials)
  .next(moveToLoss)
  .next(dropUnread);

/** Sums behind a max pool follow its winners. */
export const large = startWith(write)
  .next(commuteMaxima)
  .next(derive)
  .next(followWinners)
  .next(gatherAll)
  .next(joinSums)
  .next(shareExponentials)
  .next(moveToLoss)
  .next(padBorders)
  .next(dropUnread);

const writtenOut = startWith(writeOut).next(dropUnneeded);

const functions = writtenOut.next(cut).next(positiveFirst).next(shortenChains).next(lowerStep(scalars));

/** Convolutions by transformed tiles, where somebody asks for it: as they are written they are what a reader knows. */
const tiles = startWith(winograd(winogradTiles));

/** Every element in a line of its own, in numbers of 64 bits. */
export const unrolled: Form<WrittenOut> = {
  does: 'TypeScript with every element written out, float64',
  isMachineCode: false,
  lists: [literal, large],
  layout: functions,
  equations: (network) => (fitsOneFunction(network) ? literal : large),
  plan(asWritten, { limit, winograd: byTiles = false }, watch) {
    const program = byTiles ? tiles.run(asWritten, watch) : asWritten;
    const terms = countTerms(program, limit);
    if (terms > limit) {
      const found = `found a network of ${terms} terms, too large to be written out`;
      throw new SpecError([{ path: '', found, expected: `expected at most ${limit}: ${adviceFor(terms)}` }]);
    }
    return { form: 'unrolled', plan: functions.run(program, watch), limit };
  },
  print: (network, program, planned, extras) =>
    printModule(network, program, viewUnrolled(network, program, planned, extras.explain ?? false), extras),
};

/** How many terms a program has when it is written out: counted in its statements where these are not many times `most`. */
export function countTerms(program: Program, most: number): number {
  const estimate = estimateTerms(program);
  if (estimate > Math.max(timesWrittenOut * most, alwaysWrittenOut)) return estimate;
  const written = writtenOut.run(program);
  return termsIn(calledPasses.flatMap((pass) => blocksOf(written, pass).flatMap(({ definitions }) => definitions)));
}

/** Nothing is written out only to be counted that is more than this many times too large by its estimate. */
const timesWrittenOut = 3;

/** So many terms are counted in a few milliseconds, however much of a tiny network is never read. */
const alwaysWrittenOut = 3000;

/** A network that fits into one function for each pass keeps its equations as its spec says them. */
function fitsOneFunction(network: ShapedNetwork): boolean {
  const forward = literal.run({ network, asked: { inference: true }, form: 'unrolled' });
  return countTerms(forward, policy.readsInOneFunction) <= policy.readsInOneFunction;
}

/** Ten times the limit still gives a file of tens of megabytes; beyond it more terms are no advice. */
function adviceFor(terms: number): string {
  const loops = 'ask for loops with --form fast';
  return terms > 10 * policy.maxTerms ? loops : `${loops}, or raise the limit with --max-terms ${terms}`;
}
