/** How the numbers of a file are stored; what longhand writes is F32 or F64. */
export type Precision = 'F32' | 'F64';

/** A tensor out of a file of weights, row by row. */
export interface WeightTensor {
  readonly shape: readonly number[];
  /** As the file has it: F32, BF16, … */
  readonly type: string;
  /** Every type but 64-bit integers is exact in float64. */
  readonly values: Float64Array;
}

/** What a file of weights holds: tensors with names, or the flat array of `network.parameters`. */
export type Weights =
  | {
      readonly kind: 'named';
      readonly tensors: ReadonlyMap<string, WeightTensor>;
      readonly metadata: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'flat'; readonly values: Float64Array; readonly type: string };

/** A parameter of a network: its name, shape, and where it begins in the flat array. */
export interface Slot {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** How many numbers the parameters have together. */
export function totalOf(slots: readonly Slot[]): number {
  return slots.reduce((total, { shape }) => total + elementCount(shape), 0);
}
