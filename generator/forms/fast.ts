import { viewLoops } from '../emit/loops.ts';
import { printModule } from '../emit/module.ts';
import { alongWinners } from '../passes/alongWinners.ts';
import { commuteMaxima } from '../passes/commuteMaxima.ts';
import { derive } from '../passes/derive.ts';
import { dropUnread } from '../passes/dropUnread.ts';
import { gatherSmooth } from '../passes/gather.ts';
import { joinSums } from '../passes/joinSums.ts';
import { moveToLoss } from '../passes/moveToLoss.ts';
import { startWith } from '../passes/pass.ts';
import { shareExponentials } from '../passes/shareExponentials.ts';
import { write } from '../passes/write.ts';
import { type LoopPlan, planLoops, scalarTarget } from '../schedule/loops/loopPlan.ts';
import type { Form } from './form.ts';

interface FastPlan {
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

/** Loops around unrolled bodies, in numbers of 64 bits. */
export const fast: Form<FastPlan> = {
  does: 'TypeScript with loops around unrolled bodies, float64',
  equations: () => equations,
  plan(program, { limit, isAsked }) {
    const reason = isAsked ? 'asked for' : `written out it would have more than ${limit.toLocaleString('en-US')} terms`;
    return { form: 'fast', plan: planLoops(program, scalarTarget), reason };
  },
  print: (network, program, { plan, reason }, { weights, explain }) =>
    printModule(network, program, viewLoops(network, program, plan, reason, explain ?? false), weights),
};
