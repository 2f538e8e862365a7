import { type Affine, constant, index, plus, times } from '../equations/affine.ts';
import type { Size } from '../shape.ts';
import { Misfit } from './layer.ts';

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

/** Mirrored places are there only once. */
export function misfitOfBorder(sides: Size, places: number, mode: BorderMode): Misfit | undefined {
  const most = {
    constant: Number.POSITIVE_INFINITY,
    edge: Number.POSITIVE_INFINITY,
    symmetric: places,
    reflect: places - 1,
  }[mode];
  const widest = Math.max(...sides);
  if (widest <= most) return undefined;
  const found = `found a border of ${widest} around ${places} places`;
  return new Misfit('padding', found, `expected at most ${most} in the mode ${mode}`);
}
