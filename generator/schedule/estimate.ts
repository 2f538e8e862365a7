import { type Affine, bounds, type Index, staysWithin, winnersIn } from '../equations/affine.ts';
import type { Equation, Program } from '../equations/equation.ts';
import type { Condition, Coordinate, Expression, Read } from '../equations/expression.ts';
import { addTerms, countOf, noTerms, type Terms } from './terms.ts';

/**
 * The terms of a program written out, counted on its equations: as many as there are places at which every coordinate lies
 * in its tensor. Only what nobody needs in the end, and numbers that nothing adds to, make it too large.
 */
export function estimateTerms({ forward, backward }: Pick<Program, 'forward' | 'backward'>): number {
  return [...forward, ...backward].reduce((total, one) => total + estimateEquation(one), 0);
}

function estimateEquation({ target, at, over, value }: Equation): number {
  const inside = insideOf({ tensor: target, at });
  return Math.max(countOf(termsOf(value, over, inside)), countPlaces(over, inside));
}

/** Terms over all values of the indices at which the coordinates lie inside. */
function termsOf(e: Expression, over: readonly Index[], inside: readonly Coordinate[]): Terms {
  const recur = (child: Expression): Terms => termsOf(child, over, inside);
  switch (e.kind) {
    case 'number':
    case 'entry':
    case 'count':
      return noTerms;
    case 'read':
      return { products: 0, others: countPlaces(over, [...inside, ...insideOf(e)]) };
    case 'address':
      return { products: 0, others: countPlaces(over, inside) };
    case 'times': {
      const all = [...inside, ...e.factors.flatMap(neededBy)];
      const parts = addTerms(e.factors.map((factor) => termsOf(factor, over, all)));
      const own = e.factors.filter(({ kind }) => kind !== 'number' && kind !== 'entry').length - 1;
      return own > 0 ? { products: parts.products + own * countPlaces(over, all), others: 0 } : parts;
    }
    case 'plus':
      return addTerms(e.terms.map(recur));
    case 'divide':
      return addTerms([recur(e.dividend), recur(e.divisor)]);
    case 'call':
      return recur(e.argument);
    case 'where': {
      const yes = termsOf(e.yes, over, [...inside, ...neededIf(e.condition)]);
      const no = recur(e.no);
      return countOf(yes) >= countOf(no) ? yes : no;
    }
    case 'sum':
    case 'max':
    case 'argmax':
    case 'logSumExp':
      return termsOf(e.body, [...over, ...e.over], inside);
  }
}

/** The coordinates that must lie inside for a factor, and so its product, to exist. */
function neededBy(e: Expression): readonly Coordinate[] {
  if (e.kind === 'read') return insideOf(e);
  const isBracket = e.kind === 'where' && e.no.kind === 'number' && e.no.value === 0;
  return isBracket ? [...neededIf(e.condition), ...neededBy(e.yes)] : [];
}

/** The coordinates that must lie inside for a condition to hold at all. */
function neededIf(condition: Condition): readonly Coordinate[] {
  switch (condition.kind) {
    case 'compare':
      return [];
    case 'within':
      return [condition.coordinate];
    case 'winner': {
      const { at, sizes, winner } = condition;
      return [...insideOf(winner), ...open(at, sizes)];
    }
  }
}

function insideOf({ tensor, at }: Pick<Read, 'tensor' | 'at'>): readonly Coordinate[] {
  return open(at, tensor.shape);
}

/** Coordinates that may lie outside; where a winner decides, that is known at run time only. */
function open(at: readonly Affine[], sizes: readonly number[]): readonly Coordinate[] {
  return at.flatMap((coordinate, axis) => {
    const size = sizes[axis] as number;
    return staysWithin(coordinate, size) || winnersIn(coordinate).length > 0 ? [] : [{ at: coordinate, size }];
  });
}

/**
 * How many values of the indices keep every coordinate inside: a product over the indices that no coordinate connects.
 */
function countPlaces(over: readonly Index[], inside: readonly Coordinate[]): number {
  let total = 1;
  for (const indices of connected(over, inside)) {
    const own = inside.filter(({ at }) => indices.some((one) => at.terms.has(one)));
    total *= own.length === 0 ? productOf(indices) : countConnected(indices, own);
  }
  return total;
}

/** Indices in groups that no coordinate connects with one another. */
function connected(over: readonly Index[], inside: readonly Coordinate[]): readonly Index[][] {
  let groups: Index[][] = over.map((one) => [one]);
  for (const { at } of inside) {
    const touched = groups.filter((group) => group.some((one) => at.terms.has(one)));
    if (touched.length < 2) continue;
    groups = [...groups.filter((group) => !touched.includes(group)), touched.flat()];
  }
  return groups;
}

function productOf(indices: readonly Index[]): number {
  return indices.reduce((product, { size }) => product * size, 1);
}

/** Places beyond which all of them are counted as inside: so many in one group are no window's. */
const mostCounted = 2 ** 20;

function countConnected(indices: readonly Index[], inside: readonly Coordinate[]): number {
  if (productOf(indices) > mostCounted) return productOf(indices);
  const count = (position: number, left: readonly Coordinate[]): number => {
    const one = indices[position];
    if (one === undefined) return 1;
    let places = 0;
    for (let value = 0; value < one.size; value++) {
      const next = left.map(({ at, size }) => ({ at: fixed(at, one, value), size }));
      if (next.some(({ at, size }) => leaves(at, size))) continue;
      places += count(
        position + 1,
        next.filter(({ at, size }) => !staysWithin(at, size)),
      );
    }
    return places;
  };
  return count(0, inside);
}

function fixed({ constant, terms }: Affine, one: Index, value: number): Affine {
  const factor = terms.get(one);
  if (factor === undefined) return { constant, terms };
  const rest = new Map(terms);
  rest.delete(one);
  return { constant: constant + factor * value, terms: rest };
}

/** Whether a coordinate lies outside whatever its indices are. */
function leaves(at: Affine, size: number): boolean {
  const { min, max } = bounds(at);
  return max < 0 || min >= size;
}
