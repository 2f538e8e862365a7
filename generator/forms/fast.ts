import { viewLoops } from '../emit/loops.ts';
import { printModule } from '../emit/module.ts';
import { alongWinners } from '../passes/alongWinners.ts';
import { coalesce } from '../passes/coalesce.ts';
import { commuteMaxima } from '../passes/commuteMaxima.ts';
import { derive } from '../passes/derive.ts';
import { dropUnread } from '../passes/dropUnread.ts';
import { filtersFirst } from '../passes/filtersFirst.ts';
import { foldSums } from '../passes/foldSums.ts';
import { fuse } from '../passes/fuse.ts';
import { gatherSmooth } from '../passes/gather.ts';
import { inlineOnce } from '../passes/inlineOnce.ts';
import { joinSums } from '../passes/joinSums.ts';
import { layOut } from '../passes/layOut.ts';
import { lower } from '../passes/lower.ts';
import { moveToLoss } from '../passes/moveToLoss.ts';
import { type Passes, startWith } from '../passes/pass.ts';
import { schedule } from '../passes/schedule.ts';
import { shareExponentials } from '../passes/shareExponentials.ts';
import { sumScatters } from '../passes/sumScatters.ts';
import { trim } from '../passes/trim.ts';
import { winograd } from '../passes/winograd.ts';
import { write } from '../passes/write.ts';
import type { LoopPlan } from '../schedule/loops/loopPlan.ts';
import { loopPolicy } from '../schedule/loops/loopPolicy.ts';
import { fusesWindows } from '../schedule/rules/scalar/windows.ts';
import { winogradTiles } from '../schedule/winogradTiles.ts';
import type { Form } from './form.ts';
import { scalars } from './machines.ts';

export interface FastPlan {
  readonly form: 'fast';
  readonly plan: LoopPlan;
  /** Why it was taken, for the file's header. */
  readonly reason: string;
}

const equations = startWith(write)
  .next(commuteMaxima)
  .next(derive)
  .next(alongWinners)
  .next(gatherSmooth)
  .next(joinSums)
  .next(shareExponentials)
  .next(moveToLoss)
  .next(dropUnread);

const sums = startWith(trim)
  .next(filtersFirst((shape) => shape.reduce((all, size) => all * size, 1) >= loopPolicy.kernelWorthTurning))
  .next(sumScatters);

const laidOut = (equations: Passes<'program', 'program'>) =>
  equations
    .next(layOut)
    .next(fuse({ followsSums: false, leadsWinners: true, fusesWindow: fusesWindows }))
    .next(coalesce)
    .next(schedule(scalars.schedule))
    .next(lower(scalars))
    .next(foldSums)
    .next(inlineOnce);

const loops = laidOut(sums.next(winograd(winogradTiles)));

/** Convolutions as they are written. */
const plainLoops = laidOut(sums);

/** Loops around unrolled bodies, in numbers of 64 bits. */
export const fast: Form<FastPlan> = {
  does: 'TypeScript with loops around unrolled bodies, float64',
  isMachineCode: false,
  lists: [equations],
  layout: loops,
  equations: () => equations,
  plan(program, { limit, isAsked, winograd: byTiles = true }, watch) {
    const reason = isAsked ? 'asked for' : `written out it would have more than ${limit.toLocaleString('en-US')} terms`;
    return { form: 'fast', plan: (byTiles ? loops : plainLoops).run(program, watch), reason };
  },
  print: (network, program, { plan, reason }, extras) =>
    printModule(network, program, viewLoops(network, program, plan, reason, extras.explain ?? false), extras),
};
