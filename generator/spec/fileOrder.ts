import type { Problem } from './problem.ts';
import { partOf } from './report.ts';
import { type Path, showPath } from './show.ts';

export type Found = Omit<Problem, 'path'> & { readonly path: Path };

export function inFileOrder(spec: unknown, found: readonly Found[]): Problem[] {
  const keyOrders = new Map<object, ReadonlyMap<string, number>>();
  return found
    .map((problem) => ({ problem, place: placeInFile(spec, problem.path, keyOrders) }))
    .sort((a, b) => comparePlaces(a.place, b.place))
    .map(({ problem }) => ({ ...problem, path: showPath(problem.path) }));
}

/**
 * The positions that lead to a place, from the top of the file inwards; a key that is missing comes after those that
 * are there.
 *
 * @param keyOrders the positions of the keys of the objects seen so far
 */
function placeInFile(spec: unknown, path: Path, keyOrders: Map<object, ReadonlyMap<string, number>>): number[] {
  let value = spec;
  return path.map((step) => {
    const outer = typeof value === 'object' && value !== null ? value : {};
    value = partOf(outer, step);
    if (typeof step === 'number') return step;
    const order = keyOrders.get(outer) ?? new Map(Object.keys(outer).map((key, position) => [key, position]));
    keyOrders.set(outer, order);
    return order.get(step) ?? Number.MAX_SAFE_INTEGER;
  });
}

/** Orders two places as they stand in the file, what is around before what is inside. */
function comparePlaces(a: readonly number[], b: readonly number[]): number {
  for (const [depth, position] of a.entries()) {
    const other = b[depth];
    if (other === undefined) break;
    if (position !== other) return position - other;
  }
  return a.length - b.length;
}
