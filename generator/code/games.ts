import type { Variable } from './code.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz';

/**
 * The games by which the largest of several candidates is found, each between two winners of games before or candidates.
 *
 * @param last the winner of the last game
 * @param nameOf the name of another by its letter
 */
export function gamesOf(candidates: number, last: Variable, nameOf: (letter: string) => string): readonly Variable[] {
  if (candidates < 2) return [];
  const before = Array.from({ length: candidates - 2 }, (_, game) => ({ name: nameOf(letters[game] ?? `${game}`) }));
  return [...before, last];
}
