import { zero } from '../../code/arithmetic.ts';
import type { Code, Local, Value } from '../../code/code.ts';
import type { Index } from '../../equations/affine.ts';

/**
 * How long a sum may run on in one number. Each addition rounds the sum so far: in units of one rounding, n terms of one
 * sign that run on lose about √(n/3), m runs of b terms √(m/3 + b/3m), and the same added in pairs √2 (Higham, "Accuracy
 * and Stability of Numerical Algorithms", 2002, sections 4.2 and 4.3). 64 terms, two runs of 128 and 32 partial sums lose
 * up to 3.3 times as much as pairs do.
 */
export interface RunLimits {
  /** Terms of a sum that is one run. */
  readonly alone: number;
  /** Terms in each of several runs. */
  readonly terms: number;
  /** Partial sums in one run. */
  readonly partial: number;
}

/** One loop of a sum: how often it turns, and how many terms each turn adds by itself. */
export interface SummedLoop {
  readonly index: Index;
  readonly turns: number;
  readonly termsOfTurn: number;
}

/** Where the loop of an index hands its partial sums on. */
export interface LevelsOfLoop {
  /** The level that is added to the next one at the end of every turn. */
  readonly atTurn: number | undefined;
  /** Blocks of so many turns, from the innermost outwards; at the end of each its level is added to the next one. */
  readonly blocks: readonly { readonly turns: number; readonly level: number }[];
}

/** The levels of partial sums that one sum is made of; one alone is a plain running sum. */
export interface Levels {
  readonly count: number;
  readonly of: ReadonlyMap<Index, LevelsOfLoop>;
}

/**
 * Divides a sum into runs.
 *
 *   Σ_{n < 4096}   →   Σ_{n₂ < 2} Σ_{n₁ < 32} Σ_{n₀ < 64}
 *
 * @param loops from the outermost to the innermost
 * @param written terms that the innermost body adds one after the other
 * @param limits absent where a sum may run on for as long as it is
 */
export function planLevels(loops: readonly SummedLoop[], written: number, limits?: RunLimits): Levels {
  const of = new Map<Index, LevelsOfLoop>();
  if (limits === undefined) return { count: 1, of };
  const total = loops.reduce((product, { turns, termsOfTurn }) => product * turns * termsOfTurn, written);
  if (total <= limits.alone) return { count: 1, of };
  let level = 0;
  let run = written;
  const terms = total > limits.terms ? limits.terms : Math.ceil(total / 2);
  const limit = (): number => (level === 0 ? terms : limits.partial);
  for (const { index, turns, termsOfTurn } of [...loops].reverse()) {
    let added = run * termsOfTurn;
    if (added * turns <= limit()) {
      run = added * turns;
      continue;
    }
    const handsOn = added > limit() / 2;
    const atTurn = handsOn ? level++ : undefined;
    if (handsOn) added = 1;
    const blocks: { turns: number; level: number }[] = [];
    let rest = turns;
    while (added * rest > limit()) {
      const length = blockOf(rest, Math.floor(limit() / added));
      blocks.push({ turns: length * (blocks.at(-1)?.turns ?? 1), level: level++ });
      rest = Math.ceil(rest / length);
      added = 1;
    }
    of.set(index, { atTurn, blocks });
    run = added * rest;
  }
  return { count: level + 1, of };
}

/** At most so many turns: a divisor of all if there is one that is not much smaller, else blocks of about one length. */
function blockOf(turns: number, most: number): number {
  for (let length = most; length > most / 2; length--) if (turns % length === 0) return length;
  return Math.ceil(turns / Math.ceil(turns / most));
}

/** The locals of one sum. */
export interface Chain {
  /** From the one that terms are added to up to the whole. */
  readonly levels: readonly Local[];
  readonly first: Local;
  readonly whole: Local;
}

/** Declares a sum's locals; only the last of them starts from something. */
export function openChain(count: number, local: () => Local, start: Value, code: Code[]): Chain {
  const below = Array.from({ length: count - 1 }, local);
  const whole = local();
  const levels = [...below, whole];
  for (const one of levels) code.push({ kind: 'mutable', local: one, value: one === whole ? start : zero });
  return { levels, first: below[0] ?? whole, whole };
}

/** What a sum has come to. */
export function valueOfChain({ whole }: Chain): Value {
  return { kind: 'local', local: whole };
}

/** Adds one level of some sums to the next, and begins it anew. */
export function handOn(chains: readonly Chain[], level: number, code: Code[]): void {
  for (const { levels } of chains) {
    const [from, to] = [levels[level], levels[level + 1]];
    if (from === undefined || to === undefined) continue;
    code.push(
      { kind: 'plus', local: to, value: { kind: 'local', local: from } },
      { kind: 'replace', local: from, value: zero },
    );
  }
}
