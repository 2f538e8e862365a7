import type { Tensor } from '../equations/tensor.ts';
import type { CalledPass, FunctionPlan } from './functionPlan.ts';
import type { Statement } from './scalar.ts';

/** A whole program written out and distributed over functions. */
export interface UnrolledPlan {
  readonly functions: readonly FunctionPlan[];
  /** Names of the functions, by position; unique identifiers. */
  readonly names: readonly string[];
  readonly statements: readonly Statement[];
  statementsOf(pass: CalledPass): readonly Statement[];
  /** Tensors that some function stores to or reads from an array. */
  readonly stored: readonly Tensor[];
  readonly terms: number;
}
