import type { Residue } from './field.ts';
import type { Node } from './node.ts';
import type { Value } from './value.ts';

/**
 * How the derivatives of a computation are followed: along one direction while it runs (`Direction`), or all of them
 * afterwards, from its record (`Tape`). Each method takes note of what a new value was computed from.
 */
export interface Derivatives {
  /** Whether they are followed now. What is computed from variables while they are not has none that is known. */
  areFollowed: boolean;
  /** How many values were computed from variables since `clear`. */
  readonly count: number;
  /** A new computation begins: all earlier values are constants. */
  clear(): void;
  /** Whether a value depends on a variable of this computation. */
  isVariable(node: Node): boolean;
  /** Whether the derivative of a value is known. */
  isKnown(value: Value): boolean;
  /** Makes a value a variable, which the direction leads along by `slope`. */
  variable(into: Value, slope: Residue): void;
  /** ∂into/∂parent = `slope` */
  unary(into: Value, parent: Value, slope: Residue): void;
  binary(into: Value, left: Value, leftSlope: Residue, right: Value, rightSlope: Residue): void;
  sum(into: Value, left: Value, right: Value): void;
  difference(into: Value, left: Value, right: Value): void;
  product(into: Value, left: Value, right: Value): void;
  /** left·right + term */
  productSum(into: Value, left: Value, right: Value, term: Value): void;
  /** A sum as `Arithmetic.sum` takes it. */
  terms(into: Value, codes: string, parts: readonly Value[]): void;
}
