import { staysWithin } from './affine.ts';
import type { Arrange } from './derive.ts';
import type { Equation } from './equation.ts';
import { type Expression, forEachRead } from './expression.ts';
import { gather } from './gather.ts';
import type { Names } from './names.ts';
import { isAlongWinners } from './transpose.ts';
import { followWinners, followWinnersScattered, padBorders, resolveWinner } from './winners.ts';

/** A choice among forms of the same equations. */
export interface Style {
  /** Whether a maximum and a relu change places. */
  readonly commute: boolean;
  readonly arrange: Arrange;
  finish(backward: readonly Equation[], names: Names): readonly Equation[];
}

export const styles = {
  /** As the spec says them, one sum for each element. */
  literal: { commute: false, arrange: gather, finish: unchanged },
  /** To be written out: sums behind a max pool follow its winners. */
  winners: {
    commute: true,
    arrange: (scatter, upstream) => (upstream && followWinners(scatter, upstream)) ?? gather(scatter),
    finish: padBorders,
  },
  /** To be run by loops. */
  loops: { commute: true, arrange: arrangeForLoops, finish: unchanged },
} as const satisfies Record<string, Style>;

function unchanged(equations: readonly Equation[]): readonly Equation[] {
  return equations;
}

export type StyleName = keyof typeof styles;

/**
 * The form in which a loop runs an equation best: behind a max pool along the winners, as a sum where that needs no
 * bounds, else scattered as the derivation gives it.
 */
function arrangeForLoops(scatter: Equation, upstream: Equation | undefined): Equation {
  const sparse = upstream && followWinnersScattered(scatter, upstream);
  if (sparse !== undefined && isAlongWinners(sparse)) return sparse;
  if (sparse !== undefined) return gather(sparse);
  const resolved = resolveWinner(scatter);
  if (resolved !== undefined) return resolved;
  const gathered = gather(scatter);
  return isSmooth(gathered.value) ? gathered : scatter;
}

/** No condition on places, and no parameter read outside: padding with zeros is enough. */
function isSmooth(value: Expression): boolean {
  let isFine = !hasRange(value);
  forEachRead(value, false, ({ tensor, at }) => {
    const isInside = at.every((coordinate, axis) => staysWithin(coordinate, tensor.shape[axis] as number));
    if (!isInside && (tensor.role === 'parameter' || tensor.viewOf !== undefined)) isFine = false;
  });
  return isFine;
}

function hasRange(e: Expression): boolean {
  switch (e.kind) {
    case 'plus':
      return e.terms.some(hasRange);
    case 'times':
      return e.factors.some(hasRange);
    case 'divide':
      return hasRange(e.dividend) || hasRange(e.divisor);
    case 'call':
      return hasRange(e.argument);
    case 'where':
      return e.condition.kind !== 'compare' || hasRange(e.yes) || hasRange(e.no);
    case 'sum':
    case 'max':
    case 'logSumExp':
      return hasRange(e.body);
    default:
      return false;
  }
}
