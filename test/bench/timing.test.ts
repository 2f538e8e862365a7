import { describe, expect, it } from 'vitest';
import { type Effort, type Loop, median, timeInRounds, warmUp } from '../../generator/bench/timing.ts';

const effort: Effort = { slice: 20, warmUpSlice: 5, patience: 100, warmUpLimit: 1000, rounds: 5, roundsLimit: 1e9 };

/** A clock that only loops move, so that no test waits for time or depends on it. */
function simulate() {
  let now = 0;
  const clock = () => now;
  /** A loop whose turn takes what `each` says of the turns before it. */
  const loop = (each: (turns: number) => number): Loop & { turns: number } => {
    const run = Object.assign(
      (count: number) => {
        for (let n = 0; n < count; n++) now += each(run.turns++);
      },
      { turns: 0 },
    );
    return run;
  };
  return { clock, loop };
}

describe('a warm-up', () => {
  it('ends some time after the last improvement', () => {
    const { clock, loop } = simulate();
    const { readings, settled } = warmUp(
      loop((turns) => (turns < 300 ? 1 : 0.1)),
      0,
      { ...effort, patience: 400 },
      clock,
    );
    expect(settled).toBe(true);
    // The last slow turn is at 300, and the first fast reading is over at 305 at the latest.
    expect(clock()).toBeGreaterThan(700);
    expect(clock()).toBeLessThan(800);
    expect(readings.at(-1)!.each).toBeCloseTo(0.1, 9);
    expect(readings.at(-1)!.end).toBeCloseTo(clock(), 9);
  });

  it('takes a small improvement for noise, but not many in a row', () => {
    const noisy = simulate();
    expect(
      warmUp(
        noisy.loop((turns) => (turns < 50 ? 1 : 0.98)),
        0,
        effort,
        noisy.clock,
      ).settled,
    ).toBe(true);
    expect(noisy.clock()).toBeLessThan(120);
    const steady = simulate();
    const seen: number[] = [];
    const { settled } = warmUp(
      steady.loop((turns) => 1 / (1 + turns / 1000)),
      0,
      effort,
      steady.clock,
      (elapsed) => seen.push(elapsed),
    );
    // Then the limit cuts it off.
    expect(settled).toBe(false);
    expect(steady.clock()).toBeGreaterThanOrEqual(effort.warmUpLimit);
    expect(seen.at(-1)).toBeCloseTo(steady.clock(), 9);
  });

  it('does not settle before the least number of turns', () => {
    const enough = simulate();
    const patient = enough.loop(() => 0.1);
    expect(warmUp(patient, 4000, effort, enough.clock).settled).toBe(true);
    expect(patient.turns).toBeGreaterThanOrEqual(4000);
    const slow = simulate();
    expect(
      warmUp(
        slow.loop(() => 1),
        4000,
        effort,
        slow.clock,
      ).settled,
    ).toBe(false);
  });

  it('survives a clock that stands still for a while', () => {
    const { clock, loop } = simulate();
    const coarse = () => Math.floor(clock() / 7) * 7;
    const { readings } = warmUp(
      loop(() => 0.01),
      0,
      effort,
      coarse,
    );
    expect(readings.every(({ each }) => Number.isFinite(each))).toBe(true);
  });
});

describe('rounds', () => {
  it('time the loops in turns and give the medians, whatever a disturbed round took', () => {
    const { clock, loop } = simulate();
    const order: string[] = [];
    const named = (name: string, run: Loop): Loop => {
      return (count) => {
        order.push(name);
        run(count);
      };
    };
    const a = named(
      'a',
      loop((turns) => (turns < 5 ? 400 : 2)),
    );
    const b = named(
      'b',
      loop(() => 3),
    );
    const progress: number[] = [];
    const { medians, rounds } = timeInRounds(
      [
        { loop: a, each: 4 },
        { loop: b, each: 3 },
      ],
      effort,
      clock,
      (done) => progress.push(done),
    );
    expect(order.join('')).toBe('ababababab');
    expect(rounds).toBe(5);
    expect(medians.get(a)).toBe(2);
    expect(medians.get(b)).toBe(3);
    expect(progress).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
  });

  it('are fewer where one takes long, but three at least', () => {
    const { clock, loop } = simulate();
    const slow = { loop: loop(() => 1000), each: 1000 };
    expect(timeInRounds([slow], { ...effort, roundsLimit: 10 }, clock).rounds).toBe(3);
    expect(timeInRounds([slow], { ...effort, roundsLimit: 3500 }, clock).rounds).toBe(4);
  });
});

it.each([
  [[3], 3],
  [[4, 1], 2.5],
  [[10, 2, 9], 9],
  [[1, 100, 3, 2], 2.5],
])('The median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});
