import type { Variable } from './code.ts';

const letters = 'abcdefghijklmnopqrstuvwxyz';

/**
 * The games by which the largest of several candidates is found, each between two winners of games before or candidates.
 *
 * @param last the winner of the last game, where it has a name already
 * @param nameOf the name of another by its letter
 */
export function gamesOf(
  candidates: number,
  last: Variable | undefined,
  nameOf: (letter: string) => string,
): readonly Variable[] {
  const games = Math.max(0, candidates - 1);
  return Array.from({ length: games }, (_, game) => {
    return (game === games - 1 ? last : undefined) ?? { name: nameOf(letters[game] ?? `${game}`) };
  });
}
