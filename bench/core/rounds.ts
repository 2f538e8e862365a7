import type { Exercise, Runner } from './runner.ts';

/** How long everything is measured. */
export interface Effort {
  readonly rounds: number;
  /** A round of one runner: long against the clock's resolution and the start of a loop, short against other load. */
  readonly roundNs: number;
  /**
   * A runner is warm when it has not become faster for so long. TurboFan compiles many unrolled functions one by one
   * beside the program: that takes seconds, not calls.
   */
  readonly warmUpNs: number;
}

export const FULL: Effort = { rounds: 21, roundNs: 40e6, warmUpNs: 2e9 };
/** To see that everything works; its figures are no figures. */
export const QUICK: Effort = { rounds: 5, roundNs: 10e6, warmUpNs: 0.2e9 };

/** Nobody warms up longer than this many times `warmUpNs`. */
const PATIENCE = 10;
/** What counts as faster. */
const FASTER = 0.95;

/** So small that hundreds of thousands of steps leave the parameters, and with them the branches, as they are. */
const RATE = 1e-7;

/** Nanoseconds per sample of every round, by runner. */
export type Timings<R extends Runner> = ReadonlyMap<R, readonly number[]>;

/**
 * Times one exercise on all runners, alternating. Each round begins with another runner, so that none
 * always follows the same neighbour. `progress` is called once for each warm-up and each round of a runner.
 */
export async function timeRounds<R extends Runner>(
  runners: readonly R[],
  exercise: Exercise,
  effort: Effort,
  progress: () => void,
): Promise<Timings<R>> {
  const calls = new Map<R, number>();
  const timings = new Map<R, number[]>(runners.map((runner) => [runner, []]));
  for (const runner of runners) {
    await runner.reset();
    const perCall = (await warmUp(runner, exercise, effort)) * exercise.batch;
    calls.set(runner, Math.ceil(effort.roundNs / perCall));
    progress();
  }
  for (let round = 0; round < effort.rounds; round++) {
    for (let k = 0; k < runners.length; k++) {
      const runner = runners[(round + k) % runners.length]!;
      const count = calls.get(runner)!;
      await runner.reset();
      // A process that waited for its turn finds cold caches and a slow clock.
      if (count >= 10) await runner.run(exercise, Math.ceil(count / 10), RATE);
      timings.get(runner)!.push(await runner.run(exercise, count, RATE));
      progress();
    }
  }
  return timings;
}

/** Runs the exercise until it is warm, and returns its last speed in ns per sample. */
async function warmUp(runner: Runner, exercise: Exercise, { warmUpNs }: Effort): Promise<number> {
  let latest = await runner.run(exercise, 1, RATE);
  let best = latest;
  let spent = latest * exercise.batch;
  let improved = spent;
  while (spent - improved < warmUpNs && spent < PATIENCE * warmUpNs) {
    const calls = Math.ceil(Math.min(warmUpNs / 10, 50e6) / (latest * exercise.batch));
    latest = await runner.run(exercise, calls, RATE);
    spent += latest * exercise.batch * calls;
    if (latest < FASTER * best) {
      best = latest;
      improved = spent;
    }
  }
  return latest;
}
