import type { Linear } from './linear.ts';
import type { Tensor } from './tensor.ts';

/** A loop index: runs over 0 … size − 1. Two indices are the same only if they are the same object. */
export interface Index {
  readonly name: string;
  readonly size: number;
  /** An index that is not counted but known only at run time: the winner's place along one axis of its window. */
  readonly winner?: WinnerDigit;
}

/** Which winner, and which of its coordinates. */
export interface WinnerDigit {
  readonly read: Read;
  readonly sizes: readonly number[];
  readonly axis: number;
}

/** A coordinate: a constant plus whole multiples of indices, such as 2i + p − 1. */
export type Affine = Linear<Index>;

/** Numbers that stand in a formula by their place, `B[s,p]`: known beforehand, in rows, with no place in memory. */
export interface Matrix {
  readonly name: string;
  readonly rows: readonly (readonly number[])[];
}

/** An element of a matrix of constants. Its coordinates lie inside for all values of their indices. */
export interface Entry {
  readonly kind: 'entry';
  readonly matrix: Matrix;
  readonly at: readonly [Affine, Affine];
}

/** An element of a tensor, as far as indices say which. */
export interface Read {
  readonly kind: 'read';
  readonly tensor: Tensor;
  readonly at: readonly Affine[];
}
