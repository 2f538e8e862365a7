import { type Affine, type Index, plain, plainIndex, plus, substituteAffine, times } from './affine.ts';
import type { Equation } from './equation.ts';
import { mapCoordinates } from './rewrite.ts';
import { readsOf } from './visit.ts';

/**
 * The same equation with p written as k − 1 − p for every kernel index that falls in another read, so that the kernel is
 * what is turned round and the image is walked forwards; the equation itself where nothing falls.
 *
 *   z[i] = Σ_p W[p]·x[i−p+1]   →   z[i] = Σ_p W[1−p]·x[i+p]
 */
export function slidingForm(equation: Equation): Equation {
  const reads = readsOf(equation.value);
  const falling = new Set<Index>();
  for (const { at } of reads) {
    for (const { terms } of at)
      for (const [one, coefficient] of terms) if (coefficient === -1 && terms.size > 1) falling.add(one);
  }
  const isKernel = (one: Index): boolean =>
    [...reads.filter(({ tensor }) => tensor.role === 'parameter').map(({ at }) => at), equation.at].some((at) =>
      at.some((coordinate) => plainIndex(coordinate) === one),
    );
  const turned = [...falling].filter(isKernel);
  if (turned.length === 0) return equation;
  const by = new Map(turned.map((one) => [one, plus(one.size - 1, times(-1, plain(one)))]));
  const change = (at: Affine): Affine => substituteAffine(at, by);
  return { ...equation, at: equation.at.map(change), value: mapCoordinates(equation.value, change) };
}
