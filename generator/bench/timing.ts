/** Does a piece of work so many times. */
export type Loop = (count: number) => void;

/** How long is measured, in milliseconds. */
export interface Effort {
  /** One reading. */
  readonly slice: number;
  /** One reading of a warm-up, which wants to know when something changed. */
  readonly warmUpSlice: number;
  /** A warm-up goes on at least so long after a reading that was clearly faster than all before. */
  readonly patience: number;
  /** A warm-up ends, settled or not. */
  readonly warmUpLimit: number;
  readonly rounds: number;
  /** No round begins after so long, but for the first few. */
  readonly roundsLimit: number;
}

/**
 * Five to ten seconds for a network of two or three forms. A large network that is written out reaches the optimising
 * compiler function by function, with pauses of tenths of a second in between.
 */
export const thorough: Effort = {
  slice: 20,
  warmUpSlice: 5,
  patience: 400,
  warmUpLimit: 5000,
  rounds: 25,
  roundsLimit: 8000,
};

/** A first impression: two seconds. */
export const quick: Effort = {
  slice: 5,
  warmUpSlice: 5,
  patience: 150,
  warmUpLimit: 1500,
  rounds: 9,
  roundsLimit: 2000,
};

/** Milliseconds since some moment. */
export type Clock = () => number;

/** A clock that tells fractions of a microsecond. */
export const systemClock: Clock = () => performance.now();

/** What a warm-up saw, in milliseconds. */
export interface WarmUp {
  /** Each reading: when it ended, in running time since the warm-up began, and what one turn took in it. */
  readonly readings: readonly { readonly end: number; readonly each: number }[];
  /** Whether it no longer became faster; otherwise it was cut off before that could be said. */
  readonly settled: boolean;
}

/** Rounds that there are however long they take. */
const leastRounds = 3;

/** A reading this much below the fastest before it is an improvement and no noise. */
const clearlyFaster = 0.97;

/** Later improvements may be as far apart as this share of the time so far. */
const patienceGrowth = 1 / 3;

/**
 * Runs a loop until it no longer becomes faster.
 *
 * @param leastTurns turns before which nothing is said about its final speed
 */
export function warmUp(
  loop: Loop,
  leastTurns: number,
  effort: Effort,
  clock: Clock,
  onTime: (elapsed: number) => void = () => {},
): WarmUp {
  const readings: { end: number; each: number }[] = [];
  let end = 0;
  let each = effort.warmUpSlice;
  let fastest = Number.POSITIVE_INFINITY;
  let fastestAt = 0;
  let turns = 0;
  const isSettled = () => turns >= leastTurns && end - fastestAt > Math.max(effort.patience, end * patienceGrowth);
  while (!isSettled() && end < effort.warmUpLimit) {
    const count = turnsIn(effort.warmUpSlice, each);
    const time = timed(loop, count, clock);
    turns += count;
    end += time;
    each = time / count;
    readings.push({ end, each });
    onTime(end);
    if (each > fastest * clearlyFaster) continue;
    fastest = each;
    fastestAt = end;
  }
  return { readings, settled: isSettled() };
}

/** A loop to be timed, and milliseconds that one turn of it takes, roughly. */
export interface Task {
  readonly loop: Loop;
  readonly each: number;
}

/**
 * Times loops in turns, so that a machine that slows down does so for all.
 *
 * @returns for each loop the median of its rounds, in milliseconds for one turn
 */
export function timeInRounds(
  tasks: readonly Task[],
  effort: Effort,
  clock: Clock,
  onRound: (done: number) => void = () => {},
): { readonly medians: ReadonlyMap<Loop, number>; readonly rounds: number } {
  const times = new Map(tasks.map(({ loop }): [Loop, number[]] => [loop, []]));
  const begin = clock();
  let rounds = 0;
  while (rounds < effort.rounds && (rounds < leastRounds || clock() - begin < effort.roundsLimit)) {
    for (const { loop, each } of tasks) {
      const earlier = times.get(loop)!;
      const count = turnsIn(effort.slice, earlier.at(-1) ?? each);
      earlier.push(timed(loop, count, clock) / count);
    }
    rounds++;
    onRound(rounds / effort.rounds);
  }
  return { medians: new Map([...times].map(([loop, each]) => [loop, median(each)])), rounds };
}

/** Milliseconds that so many turns of a loop take. */
function timed(loop: Loop, count: number, clock: Clock): number {
  const begin = clock();
  loop(count);
  return clock() - begin;
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

/** Milliseconds; no network is faster, but a coarse clock may tell that no time has passed. */
const shortestTurn = 1e-5;

function turnsIn(milliseconds: number, each: number): number {
  return Math.max(1, Math.round(milliseconds / Math.max(each, shortestTurn)));
}
