import { type Affine, type Index, plainIndex } from '../equations/affine.ts';
import type { Equation } from '../equations/equation.ts';
import type { Tensor } from '../equations/tensor.ts';
import { readsOf } from '../equations/visit.ts';
import { pairsOf } from '../lists.ts';

/** Gives each index of an equation its letter; a second index of the same letter gets a prime. */
export class Letters {
  readonly #names = new Map<Index, string>();

  of(one: Index): string {
    const known = this.#names.get(one);
    if (known !== undefined) return known;
    const taken = new Set(this.#names.values());
    let name = one.name;
    while (taken.has(name)) name += '′';
    this.#names.set(one, name);
    return name;
  }

  /** All that have been named, in the order of their names' first use. */
  get known(): readonly Index[] {
    return [...this.#names.keys()];
  }
}

/**
 * The indices of which the arrays of an equation do not say how far they count: an index that stands alone on an axis,
 * forwards or backwards, runs over that axis; of every other a reader must be told.
 */
export function unstated(equation: Equation, indices: readonly Index[]): readonly Index[] {
  const places: (readonly [Tensor, readonly Affine[]])[] = [
    [equation.target, equation.at],
    ...readsOf(equation.value).map(({ tensor, at }) => [tensor, at] as const),
  ];
  return indices.filter((one) => {
    if (one.winner !== undefined) return false;
    const axes = places.flatMap(([{ shape }, at]) =>
      pairsOf(at, shape).flatMap(([coordinate, size]) => (isAlone(one, coordinate) ? size : [])),
    );
    return axes.length === 0 || axes.some((size) => size !== one.size);
  });
}

function isAlone(one: Index, coordinate: Affine): boolean {
  const isTurned =
    coordinate.terms.size === 1 && coordinate.terms.get(one) === -1 && coordinate.constant === one.size - 1;
  return isTurned || plainIndex(coordinate) === one;
}
