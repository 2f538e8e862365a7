import { type Affine, constant, index, plus, times } from '../equations/affine.ts';

/** How an output place picks its number: the nearest place, or a mean of the two beside it. */
export type Interpolation = 'nearest' | 'bilinear';

/**
 * Where output place k of `out` lies among `size` input places: at (k + ½)·size/out − ½ (halfPixel: TensorFlow 2, Keras,
 * PyTorch), at k·(size − 1)/(out − 1) (alignCorners), or at k·size/out (asymmetric).
 */
export type CoordinateRule = 'halfPixel' | 'alignCorners' | 'asymmetric';

export interface Tap {
  readonly place: number;
  readonly weight: number;
}

/** Output places that read alike: to = step·n + …, each tap at ratio·n + …. */
export interface Run {
  readonly to: Affine;
  readonly taps: readonly { readonly from: Affine; readonly weight: number }[];
}

/** What an output place takes. */
export function tapsOf(
  k: number,
  size: number,
  out: number,
  interpolation: Interpolation,
  rule: CoordinateRule,
): Tap[] {
  const [numerator, denominator] = ratioOf(size, out, rule);
  const clamp = (place: number): number => Math.min(Math.max(place, 0), size - 1);
  if (interpolation === 'nearest') {
    // Whole numbers, so that no rounding decides between two places.
    if (rule === 'halfPixel') return [{ place: clamp(Math.floor(((2 * k + 1) * size) / (2 * out))), weight: 1 }];
    const half = rule === 'alignCorners' ? denominator : 0;
    return [{ place: clamp(Math.floor((2 * k * numerator + half) / (2 * denominator))), weight: 1 }];
  }
  const [above, whole] = rule === 'halfPixel' ? [(2 * k + 1) * size - out, 2 * out] : [k * numerator, denominator];
  const below = Math.floor(above / whole);
  const [left, right] = [clamp(below), clamp(below + 1)];
  // Quotients of whole numbers: 1 − 1/6 would be another double than 5/6.
  const rest = above - below * whole;
  if (left === right || rest === 0) return [{ place: left, weight: 1 }];
  return [
    { place: left, weight: (whole - rest) / whole },
    { place: right, weight: rest / whole },
  ];
}

/** Input places for each output place, as a fraction. */
function ratioOf(size: number, out: number, rule: CoordinateRule): readonly [number, number] {
  return rule === 'alignCorners' ? (out === 1 ? [0, 1] : [size - 1, out - 1]) : [size, out];
}

/** The taps of every output place along one axis, in as few runs as the ratio allows: 0.75·x[i] + 0.25·x[i+1] for 2i + 1. */
export function runsOf(letter: string, size: number, out: number, how: Interpolation, rule: CoordinateRule): Run[] {
  const [numerator, denominator] = ratioOf(size, out, rule);
  const common = divisor(numerator, denominator);
  const [ratio, step] = [numerator / common, denominator / common];
  const runs: Run[] = [];
  for (let phase = 0; phase < step; phase++) {
    const places: { readonly key: string; readonly taps: readonly Tap[] }[] = [];
    for (let k = phase; k < out; k += step) {
      const taps = tapsOf(k, size, out, how, rule);
      const moved = taps.map(({ place, weight }) => [place - ratio * places.length, weight]);
      places.push({ key: moved.join(), taps });
    }
    for (let first = 0; first < places.length; ) {
      let end = first;
      while (end < places.length && places[end]!.key === places[first]!.key) end++;
      runs.push(runOf(letter, phase + step * first, places[first]!.taps, end - first, step, ratio));
      first = end;
    }
  }
  return runs;
}

function runOf(letter: string, to: number, taps: readonly Tap[], length: number, step: number, ratio: number): Run {
  const n = index(letter, length);
  return {
    to: plus(times(step, n), to),
    taps: taps.map(({ place, weight }) => ({ from: plus(times(ratio, n), constant(place)), weight })),
  };
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
