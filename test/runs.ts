/**
 * How many random cases a property is tried on, and which.
 *
 * `npm test` tries the same cases every time, so that it fails only where something changed. `LONGHAND_RUNS=2000` asks
 * for a long run, which tries others each time; `LONGHAND_SEED` repeats one: fast-check prints the seed of a failure.
 */
const asked = process.env.LONGHAND_RUNS;

export const seed = Number(process.env.LONGHAND_SEED ?? (asked === undefined ? 1 : Date.now() % 2 ** 31));

/** @param usual how many in a short run */
export function runsOf(usual: number): number {
  return Number(asked ?? usual);
}
