import { evaluate } from '../reference/interpreter.ts';
import type { Network } from '../spec/network.ts';
import { withSlot } from './expectation.ts';
import type { Sample } from './sample.ts';
import type { Variable } from './slots.ts';

/** A slot that was left out, as the derivative jumps beside it: relu at 0, or two places of a pool that change ranks. */
export interface Kink {
  /** Number of the sample, from 1. */
  readonly sample: number;
  readonly variable: string;
  /** Its place in the variable. */
  readonly index: readonly number[];
  /** The layer whose output bends; absent where none could be told. */
  readonly layer?: string;
}

/** Twice as wide as the widest difference reaches (4 steps of 2⁻¹⁴), so that a kink at its edge still shows. */
const reach = 2 ** -11;

/**
 * By how much the slope to the right of a place may differ from that to the left, relative to the steepest of the layer.
 * Curvature alone gives about `reach` of it.
 */
const bend = 2 ** -6;

/** The first layer whose output has a kink in a slot: its two one-sided slopes differ, and no layer before it does so. */
export function layerWithKink(network: Network, sample: Sample, variable: Variable, slot: number): string | undefined {
  const centre = sample[variable.of][variable.offset + slot]!;
  const width = reach * Math.max(1, Math.abs(centre));
  const at = (value: number) => {
    const { parameters, input } = withSlot(sample, variable, slot, value);
    return evaluate(network, parameters, input).outputs;
  };
  const [left, middle, right] = [at(centre - width), at(centre), at(centre + width)];
  return network.layers.find(({ name }) => {
    const [a, b, c] = [left, middle, right].map((outputs) => outputs.get(name)!.values) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    return bends(a, b, c);
  })?.name;
}

function bends(left: Float64Array, middle: Float64Array, right: Float64Array): boolean {
  let steepest = 0;
  let sharpest = 0;
  for (let n = 0; n < middle.length; n++) {
    const [before, after] = [middle[n]! - left[n]!, right[n]! - middle[n]!];
    steepest = Math.max(steepest, Math.abs(before), Math.abs(after));
    sharpest = Math.max(sharpest, Math.abs(after - before));
  }
  return sharpest > bend * steepest;
}
