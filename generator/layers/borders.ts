import { type Affine, constant, index, plus, times } from '../equations/affine.ts';

/** What a border holds: one number, the image mirrored without or with its edge, or the edge repeated. */
export type BorderMode = 'constant' | 'reflect' | 'symmetric' | 'edge';

/** A run of places along one axis, and the places of the image that they show; none where they hold a number. */
export interface Strip {
  readonly to: Affine;
  readonly from: Affine | undefined;
}

/** The places before an image of this size, the image, and those behind it, along one axis. */
export function stripsOf(letter: string, size: number, sides: readonly [number, number], mode: BorderMode): Strip[] {
  const [before, after] = sides;
  const image = index(letter, size);
  const strips: Strip[] = [{ to: plus(image, before), from: image }];
  // Counted from the image outwards: place n before it shows n + reach, place n behind it as far from the other edge.
  const reach = mode === 'reflect' ? 1 : 0;
  const shown = (n: Affine, isBehind: boolean): Affine | undefined => {
    if (mode === 'constant') return undefined;
    if (mode === 'edge') return constant(isBehind ? size - 1 : 0);
    return isBehind ? plus(times(-1, n), size - 1 - reach) : plus(n, reach);
  };
  if (before > 0) {
    const n = index(letter, before);
    strips.push({ to: plus(times(-1, n), before - 1), from: shown(n, false) });
  }
  if (after > 0) {
    const n = index(letter, after);
    strips.push({ to: plus(n, before + size), from: shown(n, true) });
  }
  return strips;
}
