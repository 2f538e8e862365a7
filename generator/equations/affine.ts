import { pairsOf } from '../lists.ts';
import { addLinear as plus, sameLinear as sameAffine, scaleLinear as times } from './linear.ts';
import type { Affine, Index, WinnerDigit } from './place.ts';

export type { Affine, Index, WinnerDigit };
export { plus, sameAffine, times };

/** The values of indices at one place. */
export type Place = ReadonlyMap<Index, number>;

export function constant(value: number): Affine {
  return { constant: value, terms: new Map() };
}

/** A fresh index as a coordinate; an index of size 1 is the constant 0 from birth, so one-channel networks print without it. */
export function index(name: string, size: number): Affine {
  return size === 1 ? constant(0) : { constant: 0, terms: new Map([[{ name, size }, 1]]) };
}

export function plain(one: Index): Affine {
  return { constant: 0, terms: new Map([[one, 1]]) };
}

/** The row-major position of an element in a tensor. */
export function rowMajor(at: readonly Affine[], shape: readonly number[]): Affine {
  return pairsOf(at, shape).reduce(
    (position, [coordinate, size]) => plus(times(size, position), coordinate),
    constant(0),
  );
}

/** The index that the coordinate consists of, if it is nothing but one index. */
export function plainIndex(coordinate: Affine): Index | undefined {
  if (coordinate.constant !== 0 || coordinate.terms.size !== 1) return undefined;
  const [[one, coefficient] = []] = coordinate.terms;
  return coefficient === 1 ? one : undefined;
}

/** The indices in a list of plain coordinates; those of size 1 have become constants and are left out. */
export function indicesOf(coordinates: readonly Affine[]): Index[] {
  return coordinates.flatMap((coordinate) => [...coordinate.terms.keys()]);
}

/** The coordinate with others in the place of indices, of those too that say which winner a digit belongs to. */
export function substituteAffine(coordinate: Affine, by: ReadonlyMap<Index, Affine>): Affine {
  const terms = [...coordinate.terms].map(([one, coefficient]) => [one, coefficient, replaced(one, by)] as const);
  if (terms.every(([one, , other]) => other === one)) return coordinate;
  return plus(
    coordinate.constant,
    ...terms.map(([, coefficient, other]) => times(coefficient, 'terms' in other ? other : plain(other))),
  );
}

function replaced(one: Index, by: ReadonlyMap<Index, Affine>): Affine | Index {
  const { winner } = one;
  if (winner === undefined) return by.get(one) ?? one;
  const at = winner.read.at.map((coordinate) => substituteAffine(coordinate, by));
  if (sameCoordinates(at, winner.read.at)) return one;
  // The digit of one winner is one index, wherever it was put in.
  const known = digitsElsewhere.get(one) ?? [];
  const found = known.find((other) => other.winner && sameCoordinates(at, other.winner.read.at));
  const digit = found ?? { ...one, winner: { ...winner, read: { ...winner.read, at } } };
  if (found === undefined) digitsElsewhere.set(one, [...known, digit]);
  return digit;
}

/** Whether two places of one tensor are the same for every value of the indices. */
export function sameCoordinates(a: readonly Affine[], b: readonly Affine[]): boolean {
  return pairsOf(a, b).every(([one, other]) => sameAffine(one, other));
}

/** Whether distinct values of the indices give distinct coordinates: a number in mixed radix, in which no digit is a winner's. */
export function isInjective(coordinate: Affine): boolean {
  if (winnersIn(coordinate).length > 0) return false;
  const digits = [...coordinate.terms].map(([{ size }, coefficient]) => ({ size, step: Math.abs(coefficient) }));
  digits.sort((a, b) => a.step - b.step);
  let reach = 0;
  for (const { size, step } of digits) {
    if (step <= reach) return false;
    reach += step * (size - 1);
  }
  return true;
}

/** For the digit of a winner at one place, those of the same window's winners at other places. */
const digitsElsewhere = new WeakMap<Index, readonly Index[]>();

/** The indices of a coordinate that are known only at run time, with their coefficients. */
export function winnersIn({ terms }: Affine): [Index, number][] {
  return [...terms].filter(([one]) => one.winner !== undefined);
}

/** The coordinate's value where the indices have the given values and all winners are 0. Throws if one has none. */
export function evaluateAffine({ constant, terms }: Affine, place: Place): number {
  let value = constant;
  for (const [one, coefficient] of terms) {
    if (one.winner !== undefined) continue;
    const at = place.get(one);
    if (at === undefined) throw new Error(`index ${one.name} has no value`);
    value += coefficient * at;
  }
  return value;
}

/** Least and greatest value over all values of the indices. */
export function bounds({ constant, terms }: Affine): { readonly min: number; readonly max: number } {
  let min = constant;
  let max = constant;
  for (const [{ size }, coefficient] of terms) {
    const reach = coefficient * (size - 1);
    if (reach < 0) min += reach;
    else max += reach;
  }
  return { min, max };
}

export function staysWithin(coordinate: Affine, size: number): boolean {
  const { min, max } = bounds(coordinate);
  return min >= 0 && max < size;
}

/** Calls `visit` for every combination of values of the indices, the last index fastest. */
export function forEachPlace(indices: readonly Index[], visit: (place: Place) => void, base?: Place): void {
  const place = new Map(base);
  const descend = (depth: number): void => {
    const one = indices[depth];
    if (one === undefined) {
      visit(place);
      return;
    }
    for (let value = 0; value < one.size; value++) {
      place.set(one, value);
      descend(depth + 1);
    }
  };
  descend(0);
}
