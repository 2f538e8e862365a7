import { type Affine, constant, index, plus, times } from '../equations/affine.ts';

/** How an output place picks its number: the nearest place, or a mean of the two or four beside it. */
export type Interpolation = 'nearest' | 'bilinear' | 'bicubic';

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

/** All that decides what an output place takes. */
export interface Picking {
  readonly interpolation: Interpolation;
  readonly coordinates: CoordinateRule;
  /** The a of Keys' cubic: −½ where absent, as in Keras. */
  readonly cubicCoefficient?: number | undefined;
  /** Whether a cubic leaves out the places outside and scales the others up (as in Keras), or takes the nearest there. */
  readonly excludeOutside?: boolean | undefined;
}

/** What an output place takes. */
export function tapsOf(k: number, size: number, out: number, how: Picking): Tap[] {
  const { interpolation, coordinates } = how;
  const [numerator, denominator] = ratioOf(size, out, coordinates);
  const clamp = (place: number): number => Math.min(Math.max(place, 0), size - 1);
  if (interpolation === 'nearest') {
    // Whole numbers, so that no rounding decides between two places.
    if (coordinates === 'halfPixel') return [{ place: clamp(Math.floor(((2 * k + 1) * size) / (2 * out))), weight: 1 }];
    const half = coordinates === 'alignCorners' ? denominator : 0;
    return [{ place: clamp(Math.floor((2 * k * numerator + half) / (2 * denominator))), weight: 1 }];
  }
  const [above, whole] =
    coordinates === 'halfPixel' ? [(2 * k + 1) * size - out, 2 * out] : [k * numerator, denominator];
  const below = Math.floor(above / whole);
  const rest = above - below * whole;
  const isOutside = (place: number): boolean => place !== clamp(place);
  // Quotients of whole numbers: 1 − 1/6 would be another double than 5/6.
  const parts =
    interpolation === 'bilinear'
      ? [whole - rest, rest].map((part, n) => ({ place: below + n, part }))
      : cubicParts(rest, whole, how.cubicCoefficient ?? -0.5)
          .map((part, n) => ({ place: below - 1 + n, part }))
          .filter(({ place }) => !(how.excludeOutside ?? true) || !isOutside(place));
  return joined(parts.map(({ place, part }) => ({ place: clamp(place), part })));
}

/**
 * W³ times the weights of the places at −1, 0, 1 and 2, for a place r/W behind 0 (Keys 1981): (a + 2)|d|³ − (a + 3)|d|² + 1
 * at a distance |d| up to 1, a|d|³ − 5a|d|² + 8a|d| − 4a up to 2.
 */
function cubicParts(r: number, W: number, a: number): readonly number[] {
  const near = (d: number): number => (a + 2) * d ** 3 - (a + 3) * d ** 2 * W + W ** 3;
  const far = (d: number): number => a * (d ** 3 - 5 * d ** 2 * W + 8 * d * W ** 2 - 4 * W ** 3);
  return [far(W + r), near(r), near(W - r), far(2 * W - r)];
}

/** Each place once, with its part of the whole. */
function joined(parts: readonly { readonly place: number; readonly part: number }[]): Tap[] {
  const total = parts.reduce((sum, { part }) => sum + part, 0);
  const places = [...new Set(parts.map(({ place }) => place))];
  return places
    .map((place) => ({ place, part: parts.reduce((sum, one) => sum + (one.place === place ? one.part : 0), 0) }))
    .filter(({ part }) => part !== 0)
    .map(({ place, part }) => ({ place, weight: part / total }));
}

/** Input places for each output place, as a fraction. */
function ratioOf(size: number, out: number, rule: CoordinateRule): readonly [number, number] {
  return rule === 'alignCorners' ? (out === 1 ? [0, 1] : [size - 1, out - 1]) : [size, out];
}

/** The taps of every output place along one axis, in as few runs as the ratio allows: 0.75·x[i] + 0.25·x[i+1] for 2i + 1. */
export function runsOf(letter: string, size: number, out: number, how: Picking): Run[] {
  const [numerator, denominator] = ratioOf(size, out, how.coordinates);
  const common = divisor(numerator, denominator);
  const [ratio, step] = [numerator / common, denominator / common];
  const runs: Run[] = [];
  for (let phase = 0; phase < step; phase++) {
    const places: { readonly key: string; readonly taps: readonly Tap[] }[] = [];
    for (let k = phase; k < out; k += step) {
      const taps = tapsOf(k, size, out, how);
      const moved = taps.map(({ place, weight }) => [place - ratio * places.length, weight]);
      places.push({ key: moved.join(), taps });
    }
    const alike: { readonly key: string; readonly taps: readonly Tap[]; readonly first: number; length: number }[] = [];
    for (const [first, { key, taps }] of places.entries()) {
      const last = alike.at(-1);
      if (last?.key === key) last.length++;
      else alike.push({ key, taps, first, length: 1 });
    }
    runs.push(
      ...alike.map(({ taps, first, length }) => runOf(letter, phase + step * first, taps, length, step, ratio)),
    );
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
