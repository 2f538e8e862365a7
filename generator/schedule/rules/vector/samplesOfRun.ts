import type { LoopPlan } from '../../loops/loopPlan.ts';
import { vectorPolicy } from '../../loops/vectorPolicy.ts';
import { termsInPlace } from './alongWinners.ts';

/**
 * For how many samples of a batch sums may go on in memory before they are added to the gradients: each of a kernel behind a
 * max pool has a term for every window of every sample.
 */
export function samplesOfRun({ functions }: LoopPlan): number {
  const { runs, samplesAtOnce } = vectorPolicy;
  const scheduled = functions.flatMap(({ nests }) => nests.flatMap(({ schedules }) => schedules));
  const inMemory = scheduled.filter(({ schedule }) => schedule.held === undefined);
  const most = Math.max(1, ...inMemory.flatMap(({ members }) => members.map(termsInPlace)));
  return Math.min(samplesAtOnce, 2 ** Math.floor(Math.log2(Math.max(1, runs.terms / most))));
}
