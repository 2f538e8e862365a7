import { printWasmFile } from '../emit/wasmFile.ts';
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
import { type LoopPlan, planLoops } from '../schedule/loops/loopPlan.ts';
import { vectorTarget } from '../schedule/loops/scheduleVector.ts';
import { unrepresentable } from '../spec/float32.ts';
import type { Form } from './form.ts';

interface WasmPlan {
  readonly form: 'wasm';
  readonly plan: LoopPlan;
  readonly isDeterministic: boolean;
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

/** WebAssembly, four numbers of 32 bits at once. */
export const wasm: Form<WasmPlan> = {
  does: 'TypeScript around WebAssembly, four float32 at once',
  refuses: unrepresentable,
  equations: () => equations,
  plan: (program, { deterministic = false }) => ({
    form: 'wasm',
    plan: planLoops(program, vectorTarget),
    isDeterministic: deterministic,
  }),
  print: (network, program, { plan, isDeterministic }, { weights }) =>
    printWasmFile(network, program, plan, isDeterministic, weights),
};
