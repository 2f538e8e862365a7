import { isConstant, type Sum, sumOf } from '../../code/code.ts';
import { type Affine, type Index, indicesOf, staysWithin, winnersIn } from '../../equations/affine.ts';
import type { Tensor } from '../../equations/tensor.ts';

/** The values of indices: sums of loop variables. */
export type Place = ReadonlyMap<Index, Sum>;

/** 0 ≤ at < size must hold, or the term does not exist. */
export interface Constraint {
  readonly at: Affine;
  readonly size: number;
  /** Zeros lie outside: the term may be computed, or left out where that is known beforehand. */
  readonly isSoft?: boolean;
}

/** Every place of some indices, the last one fastest, on top of what is known. */
export function places(over: readonly Index[], base: Place): Place[] {
  return over.reduce<Place[]>(
    (all, one) => all.flatMap((place) => Array.from({ length: one.size }, (_, n) => new Map(place).set(one, sumOf(n)))),
    [base],
  );
}

/** The coordinates of a read or a target that may lie outside. */
export function openCoordinates(tensor: Tensor, at: readonly Affine[]): Constraint[] {
  return at.flatMap((coordinate, axis) => {
    const size = tensor.shape[axis] as number;
    return staysWithin(coordinate, size) ? [] : [{ at: coordinate, size }];
  });
}

/** Whether a coordinate stays in its axis at a place where some indices have values and the others may have any. */
export function staysInside({ constant, terms }: Affine, place: Place, size: number): boolean {
  let [min, max] = [constant, constant];
  for (const [index, coefficient] of terms) {
    const value = place.get(index);
    const known = value !== undefined && isConstant(value) ? value.constant : undefined;
    const ends = [known ?? 0, known ?? index.size - 1].map((end) => coefficient * end);
    min += Math.min(...ends);
    max += Math.max(...ends);
  }
  return min >= 0 && max < size;
}

/** The indices on which the winners in a coordinate depend. */
export function decidingWinners(at: Affine): ReadonlySet<Index> {
  const reads = winnersIn(at).flatMap(([{ winner }]) => winner?.read.at ?? []);
  return new Set(indicesOf(reads));
}

/** How many places of a window one step along an axis stands for. */
export function below(sizes: readonly number[], axis: number): number {
  return sizes.slice(axis + 1).reduce((product, size) => product * size, 1);
}
