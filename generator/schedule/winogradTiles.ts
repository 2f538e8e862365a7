import type { TileRule } from '../passes/winograd.ts';
import { winogradPolicy } from './winogradPolicy.ts';

/**
 * Tiles of 4×4 for kernels of 3×3, of 2×2 for those of 5×5 and where an axis has no multiple of 4 rows; where there are
 * channels and tiles enough.
 */
export const winogradTiles: TileRule = ({ rows, columns, input, output }) => {
  const channels = Math.min(input.size, output.size);
  if (channels < winogradPolicy.channels)
    return `tiles pay from ${winogradPolicy.channels} channels on both sides, here are ${channels}`;
  const height = tileOf(rows.tap.size, rows.place.size, true);
  const width = tileOf(columns.tap.size, columns.place.size, false);
  if (height === undefined || width === undefined)
    return `no tiles for a kernel of ${rows.tap.size}×${columns.tap.size} over ${rows.place.size}×${columns.place.size} places`;
  const count = Math.ceil(rows.place.size / height) * Math.ceil(columns.place.size / width);
  if (count < winogradPolicy.tiles)
    return `the transform of a kernel pays from ${winogradPolicy.tiles} tiles, here are ${count}`;
  return [height, width];
};

/** @param mustDivide whether no tile may end outside; columns that do are computed and not read */
function tileOf(kernel: number, places: number, mustDivide: boolean): number | undefined {
  const sizes = winogradPolicy.outputs[kernel] ?? [];
  return sizes.find((size) => places % size === 0 || (!mustDivide && places >= 3 * size));
}
