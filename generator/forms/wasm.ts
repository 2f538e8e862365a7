import { printWasmFile } from '../emit/wasmFile.ts';
import { addAddresses } from '../passes/addAddresses.ts';
import { alongWinners } from '../passes/alongWinners.ts';
import { coalesce } from '../passes/coalesce.ts';
import { commuteMaxima } from '../passes/commuteMaxima.ts';
import { derive } from '../passes/derive.ts';
import { dropUnread } from '../passes/dropUnread.ts';
import { fillLanes } from '../passes/fillLanes.ts';
import { filtersFirst } from '../passes/filtersFirst.ts';
import { foldConstants } from '../passes/foldConstants.ts';
import { foldSums } from '../passes/foldSums.ts';
import { fuse } from '../passes/fuse.ts';
import { gatherSmooth } from '../passes/gather.ts';
import { inlineOnce } from '../passes/inlineOnce.ts';
import { joinSums } from '../passes/joinSums.ts';
import { layOut } from '../passes/layOut.ts';
import { lower } from '../passes/lower.ts';
import { moveToLoss } from '../passes/moveToLoss.ts';
import { type Passes, startWith } from '../passes/pass.ts';
import { place } from '../passes/place.ts';
import { schedule } from '../passes/schedule.ts';
import { shareExponentials } from '../passes/shareExponentials.ts';
import { splitBatch } from '../passes/splitBatch.ts';
import { sumScatters } from '../passes/sumScatters.ts';
import { targetsLast } from '../passes/targetsLast.ts';
import { trim } from '../passes/trim.ts';
import { walk } from '../passes/walk.ts';
import { winograd } from '../passes/winograd.ts';
import { write } from '../passes/write.ts';
import type { PlacedPlan } from '../schedule/loops/memory.ts';
import { vectorPolicy } from '../schedule/loops/vectorPolicy.ts';
import { fusesWindow, turnsKernel } from '../schedule/rules/vector/choices.ts';
import { winogradTiles } from '../schedule/winogradTiles.ts';
import { unrepresentable } from '../spec/float32.ts';
import type { Form } from './form.ts';
import { vectors } from './machines.ts';

export interface WasmPlan {
  readonly form: 'wasm';
  readonly plan: PlacedPlan;
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

const sums = startWith(trim)
  .next(filtersFirst(turnsKernel))
  .next(sumScatters)
  .next(targetsLast(vectorPolicy.usesOfCopy));

const laidOut = (equations: Passes<'program', 'program'>) =>
  equations
    .next(layOut)
    .next(splitBatch)
    .next(fuse({ followsSums: true, leadsWinners: false, fusesWindow }))
    .next(coalesce)
    .next(schedule(vectors.schedule))
    .next(lower(vectors))
    .next(foldSums)
    .next(inlineOnce)
    .next(foldConstants)
    .next(walk)
    .next(fillLanes(vectors.unit))
    .next(addAddresses)
    .next(place);

const loops = laidOut(sums.next(winograd(winogradTiles)));

/** Convolutions as they are written. */
const plainLoops = laidOut(sums);

/** WebAssembly, four numbers of 32 bits at once. */
export const wasm: Form<WasmPlan> = {
  does: 'TypeScript around WebAssembly, four float32 at once',
  isMachineCode: true,
  refuses: unrepresentable,
  lists: [equations],
  layout: loops,
  equations: () => equations,
  plan: (program, { deterministic = false, winograd: byTiles = !deterministic }, watch) => ({
    form: 'wasm',
    plan: (byTiles ? loops : plainLoops).run(program, watch),
    isDeterministic: deterministic,
  }),
  print: (network, program, { plan, isDeterministic }, { weights }) =>
    printWasmFile(network, program, plan, isDeterministic, weights),
};
