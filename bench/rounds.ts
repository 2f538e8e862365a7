import type { Runner, Task } from './runner.ts';

export const ROUNDS = 21;
/** A round of one runner: long against the clock's resolution and the start of a loop, short against other load. */
const ROUND_NS = 40e6;
/** TurboFan compiles many unrolled functions one by one beside the program; that takes seconds, not calls. */
const WARM_UP = { calls: 20_000, ns: 2e9 };
/** So small that hundreds of thousands of steps leave the parameters, and with them the branches, as they are. */
const RATE = 1e-7;

/** Nanoseconds per sample of every round, by runner. */
export type Timings = ReadonlyMap<Runner, readonly number[]>;

/**
 * Times one task on all runners, alternating. Each round begins with another runner, so that none
 * always follows the same neighbour.
 */
export async function timeRounds(runners: readonly Runner[], task: Task, progress: Progress): Promise<Timings> {
  const counts = new Map<Runner, number>();
  const timings = new Map<Runner, number[]>(runners.map((runner) => [runner, []]));
  for (const runner of runners) {
    progress(`${task}: warming up ${runner.name}`);
    await runner.reset();
    counts.set(runner, Math.ceil(ROUND_NS / (await warmUp(runner, task))));
  }
  for (let round = 0; round < ROUNDS; round++) {
    progress(`${task}: round ${round + 1} of ${ROUNDS}`);
    for (let k = 0; k < runners.length; k++) {
      const runner = runners[(round + k) % runners.length]!;
      const count = counts.get(runner)!;
      await runner.reset();
      // A process that waited for its turn finds cold caches and a slow clock.
      await runner.run(task, Math.ceil(count / 10), RATE);
      timings.get(runner)!.push(await runner.run(task, count, RATE));
    }
  }
  return timings;
}

export type Progress = (message: string) => void;

/** Runs the task until it has had time to be optimised, and returns its last speed in ns. */
async function warmUp(runner: Runner, task: Task): Promise<number> {
  let calls = 0;
  let spent = 0;
  let latest = 0;
  while (calls < WARM_UP.calls || spent < WARM_UP.ns) {
    const count = calls === 0 ? 100 : Math.ceil(50e6 / latest);
    latest = await runner.run(task, count, RATE);
    calls += count;
    spent += latest * count;
  }
  return latest;
}

/** The value below which the given part of the values lies. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = part * (sorted.length - 1);
  const below = sorted[Math.floor(place)]!;
  return below + (sorted[Math.ceil(place)]! - below) * (place % 1);
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
