import type { Padding, Shape, Size } from '../../spec/network.ts';

/** A sequence as an image of one column. */
export const asColumn = ([length, channels]: Shape): Shape => [length!, 1, channels!];

export const withoutColumn = ([length, , channels]: Shape): Shape => [length!, channels!];

/** The padding of that image; 'causal' has all of it before. */
export function paddingOfColumn(padding: 'valid' | 'same' | 'causal' | Size, before: number): Padding {
  if (padding === 'causal')
    return [
      [before, 0],
      [0, 0],
    ];
  return padding === 'valid' || padding === 'same' ? padding : [padding, [0, 0]];
}
