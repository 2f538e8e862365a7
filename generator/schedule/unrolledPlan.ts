import type { Program } from '../equations/equation.ts';
import type { Tensor } from '../equations/tensor.ts';
import type { CalledPass, FunctionPlan } from './functionPlan.ts';
import type { Code } from './loops/kernel.ts';
import type { Statement } from './scalar.ts';

/** A whole program written out and distributed over functions. */
export interface UnrolledPlan {
  readonly program: Program;
  readonly functions: readonly FunctionPlan[];
  /** Names of the functions, by position; unique identifiers. */
  readonly names: readonly string[];
  readonly statements: readonly Statement[];
  statementsOf(pass: CalledPass): readonly Statement[];
  /** Tensors that some function stores to or reads from an array. */
  readonly stored: readonly Tensor[];
  readonly terms: number;
  /** A step of the optimiser. */
  readonly step: readonly Code[];
}
