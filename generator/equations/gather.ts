import { present } from '../lists.ts';
import {
  type Affine,
  index,
  indicesOf,
  isInjective,
  plain,
  plus,
  sameAffine,
  substituteAffine,
  times,
  winnersIn,
} from './affine.ts';
import type { Equation } from './equation.ts';
import { type Expression, type Read, sumOver, where, zero } from './expression.ts';
import { substitute } from './substitute.ts';

/**
 * Turns a scatter `ds[f(i,p)] += value, for all i, p` into a gather, one sum for each element of ds, coordinate by
 * coordinate: a plain index stays; an injective one (2i + p with p < 2) stays on the left, as no two terms meet there;
 * any other is solved for its first index with coefficient ±1 (i = h − p, so that a convolution's kernel turns round).
 * Where nothing can be solved the scatter stays, which is always right.
 */
export function gather(scatter: Equation): Equation {
  let state: Equation = scatter;
  for (const axis of scatter.at.keys()) {
    const coordinate = present(state.at[axis]);
    const others = new Set(indicesOf(state.at.toSpliced(axis, 1)));
    if (isInjective(coordinate) && !indicesOf([coordinate]).some((one) => others.has(one))) continue;
    const solved = solve(state, axis, coordinate);
    if (solved === undefined) return scatter;
    state = solved;
  }
  const left = [...new Set(indicesOf(state.at))];
  const summed = state.over.filter((one) => !left.includes(one));
  return { ...state, over: left, value: sumOver(summed, state.value) };
}

const axisLetters: Readonly<Record<number, readonly string[]>> = { 1: ['n'], 2: ['n', 'c'], 3: ['h', 'w', 'c'] };

function solve(state: Equation, axis: number, coordinate: Affine): Equation | undefined {
  const bound = new Set(winnersIn(coordinate).flatMap(([one]) => [one, ...indicesOf(one.winner?.read.at ?? [])]));
  const unknown = [...coordinate.terms].find(([one, coefficient]) => Math.abs(coefficient) === 1 && !bound.has(one));
  if (unknown === undefined) return undefined;
  const [solvedFor, sign] = unknown;
  const { shape } = state.target;
  const place = index(axisLetters[shape.length]?.[axis] ?? `n${axis}`, present(shape[axis]));
  const rest = plus(coordinate, times(-sign, plain(solvedFor)));
  const solution = times(sign, plus(place, times(-1, rest)));
  const by = new Map([[solvedFor, solution]]);
  const value = substitute(state.value, by);
  const range = { coordinate: { at: solution, size: solvedFor.size }, kind: 'within' as const };
  return {
    ...state,
    at: state.at.map((at, position) => (position === axis ? place : substituteAffine(at, by))),
    over: [...state.over.filter((one) => one !== solvedFor), ...indicesOf([place])],
    value: isImplied(value, solution, solvedFor.size) ? value : where(range, value, zero),
  };
}

/** Whether some factor already reads (or brackets) at the coordinate on an axis of this size, so that it vanishes outside. */
function isImplied(value: Expression, at: Affine, size: number): boolean {
  const readsThere = (r: Read): boolean =>
    r.at.some((coordinate, axis) => sameAffine(coordinate, at) && r.tensor.shape[axis] === size);
  switch (value.kind) {
    case 'read':
      return readsThere(value);
    case 'times':
      return value.factors.some((factor) => isImplied(factor, at, size));
    case 'divide':
      return isImplied(value.dividend, at, size);
    case 'sum':
      return isImplied(value.body, at, size);
    case 'where': {
      if (value.no !== zero && !(value.no.kind === 'number' && value.no.value === 0)) return false;
      const { condition } = value;
      const bracketed =
        condition.kind === 'winner' &&
        condition.at.some((coordinate, axis) => sameAffine(coordinate, at) && condition.sizes[axis] === size);
      return bracketed || isImplied(value.yes, at, size);
    }
    case 'number':
    case 'entry':
    case 'plus':
    case 'call':
    case 'max':
    case 'argmax':
    case 'logSumExp':
    case 'count':
    case 'address':
      return false;
  }
}
