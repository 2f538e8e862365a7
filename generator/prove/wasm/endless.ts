import type { Value } from '../value.ts';
import { type ExactMemory, placeIn, quoted } from './exactMemory.ts';
import type { MappedArray, MemoryMap } from './memoryMap.ts';

/** The first array that holds what is no number, as after a division by 0. */
export function endlessPlace(map: MemoryMap, cells: ExactMemory): string | undefined {
  for (const array of inOrder(map)) {
    const word = wordsOf(array).find((one) => isEndless(cells.values[one]!));
    if (word !== undefined && array.equations.length > 0) {
      return `${placeIn(array, word - array.start)}, by ${quoted(array.equations)}`;
    }
  }
  return undefined;
}

/** Whether bits are those of ±∞ or no number; an integer is never so large. */
function isEndless(lane: number | Value): boolean {
  return typeof lane === 'number' && (lane & 0x7f800000) === 0x7f800000 && lane !== -1;
}

/** Arrays in the order in which functions compute them. */
export function inOrder({ arrays, functions }: MemoryMap): readonly MappedArray[] {
  const all = functions.flatMap(({ equations }) => equations);
  const positionOf = ({ equations: [first = ''] }: MappedArray): number => all.indexOf(first);
  return [...arrays].sort((a, b) => positionOf(a) - positionOf(b));
}

/** Where the places of the tensor stand, row by row. */
export function wordsOf({ shape, strides, first, start }: MappedArray): readonly number[] {
  let words = [start + first];
  for (const [axis, size] of shape.entries()) {
    words = words.flatMap((word) => Array.from({ length: size }, (_, n) => word + n * strides[axis]!));
  }
  return words;
}
