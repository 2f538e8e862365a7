import type { Activation } from '../build/activation.ts';

/** Numbers that are known at import. */
export interface Constant {
  readonly kind: 'constant';
  readonly dims: readonly number[];
  readonly values: Float64Array;
  readonly isInteger: boolean;
}

/** Several values under one name, of which a later node takes one. */
export interface Sequence {
  readonly kind: 'sequence';
  readonly parts: readonly Activation[];
}

/** What an ONNX name stands for: numbers that are known, or what a layer computes. */
export type Value = Constant | Activation | Sequence;

export function constant(dims: readonly number[], values: ArrayLike<number>, isInteger = false): Constant {
  return { kind: 'constant', dims, values: Float64Array.from(values), isInteger };
}
