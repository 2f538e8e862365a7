import type { Tournament, Value } from '../../code/code.ts';
import { isPlayed } from '../../code/games.ts';
import { precedence, separated, wrapLines } from './text.ts';
import { printStatement, printValue } from './values.ts';

/**
 * The largest of a window without a branch that is hard to predict: neighbours are compared in a scratch array, the
 * winner's place moves on by arithmetic. Strictly larger wins, so that of equals the first stays. A NaN makes the sum of
 * the window NaN, and only then is asked for its place: one branch that is almost never taken.
 */
export function printTournament(tournament: Tournament, indent: string): string[] {
  const { maximum, winner, candidates, games } = tournament;
  const text = (value: Value): string => printValue(value, precedence.ternary);
  const [only] = candidates;
  if (candidates.length === 1 && only !== undefined) {
    const value = `${indent}const ${maximum.name} = ${text(only.value)};`;
    return winner === undefined ? [value] : [value, `${indent}const ${winner.name} = ${only.place};`];
  }
  if (!isPlayed(tournament)) {
    return [`${indent}const ${maximum.name} = Math.max(${candidates.map(({ value }) => text(value)).join(', ')});`];
  }
  const entering = candidates.map(({ place, value }) => `s[${place}] = ${text(value)};`);
  return [
    // Sums have lines of their own.
    ...(candidates.some(({ value }) => value.kind === 'plus')
      ? candidates.map(({ place, value }) => printStatement(`${indent}s[${place}] = `, value, indent))
      : [wrapLines(indent, entering, indent, '')]),
    wrapLines(`${indent}const `, separated(printGames(games, candidates), ','), indent),
    `${indent}const ${maximum.name} = s[${games.at(-1)?.name}];`,
  ];
}

/** `k_a = 0 + 1 * +(…)`: in each game the winner is the place a, or by so many places the later b. */
function printGames(games: Tournament['games'], candidates: Tournament['candidates']): readonly string[] {
  const printed: string[] = [];
  const play = (players: readonly number[]): string => {
    const [first] = players;
    if (players.length === 1) return String(first);
    const middle = players.length >> 1;
    const [a, b] = [play(players.slice(0, middle)), play(players.slice(middle))];
    const winner = games[printed.length]?.name ?? '';
    const step = /^\d+ \d+$/.test(`${a} ${b}`) ? String(Number(b) - Number(a)) : `(${b} - ${a})`;
    const beats = `+(s[${b}] > s[${a}])`;
    printed.push(`${winner} = ${a === '0' ? '' : `${a} + `}${step === '1' ? '' : `${step} * `}${beats}`);
    return winner;
  };
  const places = candidates.map(({ place }) => place);
  const last = play(places);
  const bits = places.reduce((sum, place) => sum | (1 << place), 0).toString(2);
  const sum = places.map((place) => `s[${place}]`).join(' + ');
  return [...printed, `${games.at(-1)?.name} = Number.isNaN(${sum}) ? lastNaN(s, 0b${bits}, ${last}) : ${last}`];
}
