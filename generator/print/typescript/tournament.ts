import type { Tournament, Value } from '../../code/code.ts';
import { precedence, separated, wrapLines } from './text.ts';
import { printStatement, printValue } from './values.ts';

/**
 * The largest of a window without a branch that is hard to predict: neighbours are compared in a scratch array, the
 * winner's place moves on by arithmetic. Strictly larger wins, so that of equals the first stays.
 */
export function printTournament({ maximum, winner, candidates, games }: Tournament, indent: string): string[] {
  const text = (value: Value): string => printValue(value, precedence.ternary);
  const [only] = candidates;
  if (candidates.length === 1 && only !== undefined) {
    const value = `${indent}const ${maximum.name} = ${text(only.value)};`;
    return winner === undefined ? [value] : [value, `${indent}const ${winner.name} = ${only.place};`];
  }
  if (winner === undefined && candidates.length === 2) {
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
    printed.push(`${winner} = ${a === '0' ? '' : `${a} + `}${step === '1' ? '' : `${step} * `}${beats(b, a)}`);
    return winner;
  };
  play(candidates.map(({ place }) => place));
  return printed;
}

/**
 * 1 where the place b of the scratch array beats the place a. NaN beats every number and is beaten by none, as in
 * frameworks. It is asked for first: the answer is almost always no, which costs 1 ns of 8 for a window of four; asked
 * for last it would stand behind a branch that goes either way.
 */
function beats(b: string, a: string): string {
  return `+(s[${b}] !== s[${b}] || s[${b}] > s[${a}])`;
}
