import type { Tournament, Variable } from './code.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz';

/**
 * Names for the games by which the largest of several candidates is found, each between two winners of games before or
 * candidates; behind them that of its place, which is the last game's winner unless a candidate is NaN.
 *
 * @param place the name of the place, where it has one already
 * @param nameOf the name of another by its letter
 */
export function gamesOf(
  candidates: number,
  place: Variable | undefined,
  nameOf: (letter: string) => string,
): readonly Variable[] {
  return Array.from({ length: candidates }, (_, game) => {
    return (game === candidates - 1 ? place : undefined) ?? { name: nameOf(letters[game] ?? `${game}`) };
  });
}

/** Whether a tournament's candidates are compared in the scratch array: of two the larger alone is a `Math.max`. */
export function isPlayed({ candidates, winner }: Tournament): boolean {
  return candidates.length > 2 || (winner !== undefined && candidates.length > 1);
}
