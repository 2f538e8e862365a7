import { type Affine, index, plus, times } from '../equations/affine.ts';
import type { Shape } from '../shape.ts';
import { imageShape } from './images.ts';

/** One number of two images, of which the second has a channel for each place in a square of the first. */
interface Square {
  readonly large: readonly [row: Affine, column: Affine, c: Affine];
  readonly small: readonly [i: Affine, j: Affine, channel: Affine];
}

/** @param order which counts first in a channel: the place in the square (dcr), or the channel (crd) */
export function squares(large: Shape, side: number, order: 'dcr' | 'crd'): Square {
  const [height, width, channels] = imageShape(large);
  const [i, j, c] = [index('i', height / side), index('j', width / side), index('c', channels)];
  const [p, q] = [index('p', side), index('q', side)];
  const place = plus(times(side, p), q);
  const channel = order === 'dcr' ? plus(times(channels, place), c) : plus(times(side * side, c), place);
  return { large: [plus(times(side, i), p), plus(times(side, j), q), c], small: [i, j, channel] };
}
