import type { Options } from '../build/specBuilder.ts';
import { shortSize } from './context.ts';
import type { OnnxNode } from './node.ts';

/** An option of a window where it is not 1. */
export function spatialOption(name: string, sizes: readonly number[]): Options {
  return sizes.every((size) => size === 1) ? {} : { [name]: shortSize(sizes) };
}

export function isZero(pairs: readonly (readonly number[])[]): boolean {
  return pairs.flat().every((pad) => pad === 0);
}

/** Zeros before and behind along each axis, and whether they are those of 'same'. */
export interface Pads {
  readonly pairs: readonly (readonly [number, number])[];
  readonly isSame: boolean;
}

/** The pads of a window: `pads` (all those before, then all behind), or what `auto_pad` comes to. */
export function pairsOf(
  node: OnnxNode,
  input: readonly number[],
  sizes: readonly number[],
  strides: readonly number[],
  dilation: readonly number[],
): Pads {
  const auto = node.text('auto_pad', 'NOTSET');
  if (!['NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER', ''].includes(auto)) {
    node.refuse(`auto_pad = ${auto.slice(0, 40)}`, 'NOTSET, VALID, SAME_UPPER or SAME_LOWER');
  }
  const same = sizes.map((size, axis): readonly [number, number] => {
    const stride = strides[axis]!;
    const out = Math.ceil(input[axis]! / stride);
    const total = Math.max(0, (out - 1) * stride + (size - 1) * dilation[axis]! + 1 - input[axis]!);
    const less = Math.floor(total / 2);
    return auto === 'SAME_LOWER' ? [total - less, less] : [less, total - less];
  });
  if (auto.startsWith('SAME')) return { pairs: same, isSame: auto === 'SAME_UPPER' || isSymmetric(same) };
  const pads = (auto === 'VALID' ? undefined : node.ints('pads')) ?? sizes.flatMap(() => [0, 0]);
  if (pads.length !== 2 * sizes.length || pads.some((pad) => pad < 0)) {
    node.refuse(`pads = [${pads.slice(0, 8).join(', ')}]`, `${2 * sizes.length} integers from 0`);
  }
  const pairs = sizes.map((_, axis): readonly [number, number] => [pads[axis]!, pads[axis + sizes.length]!]);
  return { pairs, isSame: pairs.flat().join() === same.flat().join() };
}

function isSymmetric(pairs: readonly (readonly [number, number])[]): boolean {
  return pairs.every(([before, behind]) => before === behind);
}
