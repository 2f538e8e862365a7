import type { Affine, Index } from './affine.ts';
import type { FunctionName } from './functionName.ts';
import type { Entry, Read } from './place.ts';

/**
 * The right-hand side of an equation. One rule holds everywhere: a term that reads outside its tensor does not exist.
 * A sum gains nothing from it, a maximum never meets it, a count does not count it. That is all padding.
 */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | Read
  | Entry
  | { readonly kind: 'plus'; readonly terms: readonly Expression[] }
  | Times
  | Divide
  | { readonly kind: 'call'; readonly name: FunctionName; readonly argument: Expression }
  | Where
  | Sum
  | Max
  | ArgMax
  | LogSumExp
  | Count
  | Address;

export interface Times {
  readonly kind: 'times';
  readonly factors: readonly Expression[];
}

export interface Divide {
  readonly kind: 'divide';
  readonly dividend: Expression;
  readonly divisor: Expression;
}

/** The Iverson bracket, generalised: one value where the condition holds, another elsewhere. */
export interface Where {
  readonly kind: 'where';
  readonly condition: Condition;
  readonly yes: Expression;
  readonly no: Expression;
}

export interface Sum {
  readonly kind: 'sum';
  readonly over: readonly Index[];
  readonly body: Expression;
}

/** The largest value. */
export interface Max {
  readonly kind: 'max';
  readonly over: readonly Index[];
  readonly body: Expression;
  /** Who gets the gradient: the first winner, or every place equal to the maximum. */
  readonly ties: 'first' | 'all';
}

/** The place, row-major within `over`, of the first value equal to the maximum. */
export interface ArgMax {
  readonly kind: 'argmax';
  readonly over: readonly Index[];
  readonly body: Expression;
  readonly maximum: Read;
}

/** log Σ exp body. What would overflow is subtracted from the body, by whoever writes it, and never added again. */
export interface LogSumExp {
  readonly kind: 'logSumExp';
  readonly over: readonly Index[];
  readonly body: Expression;
}

/** How many places over `over` keep every coordinate inside its axis. */
export interface Count {
  readonly kind: 'count';
  readonly over: readonly Index[];
  readonly inside: readonly Coordinate[];
  /** N[at] of N[places] = Σ_over [0 ≤ inside < size]: the same as it was defined, for readers. */
  readonly at: readonly Affine[];
  readonly definition: CountDefinition;
}

export interface CountDefinition {
  readonly places: readonly Index[];
  readonly over: readonly Index[];
  readonly inside: readonly Coordinate[];
}

/** How far a winner's place moves a read in memory: Σ strides·place. */
export interface Address {
  readonly kind: 'address';
  readonly winner: Read;
  /** Sizes of the window, which the winner counts row by row. */
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
}

/** A coordinate and the size of the axis that it must lie in. */
export interface Coordinate {
  readonly at: Affine;
  readonly size: number;
}

export type Sign = '>' | '<' | '=' | '≠';

export type Condition =
  | { readonly kind: 'compare'; readonly sign: Sign; readonly left: Expression; readonly right: Expression }
  /** The winner stored in `winner` is the window's place `at`, counted row-major over `sizes`. */
  | {
      readonly kind: 'winner';
      readonly winner: Read;
      readonly at: readonly Affine[];
      readonly sizes: readonly number[];
    }
  | { readonly kind: 'within'; readonly coordinate: Coordinate };
