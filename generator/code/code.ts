import type { FunctionName } from '../equations/functionName.ts';
import { addLinear, type Linear, scaleLinear } from '../equations/linear.ts';
import type { Tensor } from '../equations/tensor.ts';

/**
 * Code before it is text: loops, locals, loads and stores. Nothing in it knows a language; a printer for TypeScript and
 * one for WebAssembly read it alike.
 */
export type Code =
  | Loop
  /** A constant integer. */
  | { readonly kind: 'integer'; readonly variable: Variable; readonly value: Int }
  /** A number that does not change once it is defined. */
  | { readonly kind: 'constant'; readonly local: Local; readonly value: Value }
  /** A number that is added to, replaced or beaten. */
  | { readonly kind: 'mutable'; readonly local: Local; readonly value: Value }
  | { readonly kind: 'plus'; readonly local: Local; readonly value: Value }
  | { readonly kind: 'replace'; readonly local: Local; readonly value: Value }
  /** The sum of a vector's elements. */
  | { readonly kind: 'across'; readonly local: Local; readonly vector: Local }
  /** An integer that changes. */
  | { readonly kind: 'counter'; readonly variable: Variable; readonly value: Int }
  /** The maximum gives way to a candidate that is larger; `place`, if anybody asks, to the candidate's. */
  | {
      readonly kind: 'challenge';
      readonly maximum: Local;
      readonly candidate: Value;
      readonly place: { readonly variable: Variable; readonly value: Int } | undefined;
    }
  | Tournament
  | Store
  | {
      readonly kind: 'storeInteger';
      readonly array: Tensor;
      readonly at: Sum;
      readonly value: Int;
      readonly lanes?: Lanes;
    }
  | { readonly kind: 'if'; readonly test: Test; readonly body: readonly Code[] }
  /** Every number of an array becomes 0. */
  | { readonly kind: 'clear'; readonly array: Tensor }
  /** What a reader takes in at one glance: the loads with which a function begins, the stores of a layer. */
  | { readonly kind: 'row'; readonly of: readonly Code[] }
  /** Lines for the reader. */
  | { readonly kind: 'remark'; readonly lines: readonly string[] };

/** How many numbers stand side by side: four fill a vector of 128 bits, two its lower half. */
export type Lanes = 1 | 2 | 4;

/** Counts from `from` up to, not including, `to`. */
export interface Loop {
  readonly kind: 'loop';
  readonly variable: Variable;
  readonly from: Int;
  readonly to: Int;
  readonly step: number;
  /** How many values of the variable one turn stands for: the elements of a vector. */
  readonly lanes: number;
  readonly body: readonly Code[];
  /** Whether `from` is below `to` for certain, though they are not known before the loop runs. */
  readonly runs?: boolean;
  /** Addresses that move on with every turn, and are known in the body. */
  readonly pointers?: readonly Pointer[];
  /** Whether the body reads the counter itself; absent: yes. */
  readonly isCounted?: boolean;
}

export interface Pointer {
  readonly variable: Variable;
  /** Its value, of which the loop's counter is a term. */
  readonly value: Sum;
}

export interface Store {
  readonly kind: 'store';
  readonly array: Tensor;
  readonly at: Sum;
  readonly value: Value;
  readonly isAdded: boolean;
  /** Absent: one. */
  readonly lanes?: Lanes;
  /** How many of a vector's first lanes nothing is added to: another vector has added to them. */
  readonly kept?: number;
}

/** The largest of a few candidates, and the number of the first that is as large. */
export interface Tournament {
  readonly kind: 'tournament';
  readonly maximum: Local;
  readonly winner: Variable | undefined;
  readonly candidates: readonly Contender[];
  /** The winner of each game in which two are compared, and last the place of the maximum. */
  readonly games: readonly Variable[];
}

/** A place of a window, counted row by row, and its value. */
export interface Contender {
  readonly value: Value;
  readonly place: number;
}

/** An integer with a name: a loop's counter or a base address; the places of several windows are as many integers. */
export interface Variable {
  readonly name: string;
  /** Absent: one. */
  readonly lanes?: Lanes;
  readonly cell?: Cell;
}

/** A floating-point number with a name. */
export interface Local {
  readonly name: string;
  /** It is named for the one number that it ever holds: defined again, in another nest, it is the same. */
  readonly isFixed?: true;
  /** Absent: one. */
  readonly lanes?: Lanes;
  readonly cell?: Cell;
}

/** The element of an array that a name stands for wherever it is read: functions meet there. */
export interface Cell {
  /** Never a view. */
  readonly array: Tensor;
  /** Row-major position. */
  readonly offset: number;
}

/** A constant plus whole multiples of integers. */
export interface Sum extends Linear<Variable> {
  readonly kind: 'sum';
  /** Of an address: its parts are added up before it is used, constant included. */
  readonly isAddedUp?: true;
}

export type Int =
  | Sum
  | { readonly kind: 'least' | 'greatest'; readonly of: readonly Int[] }
  /** Rounded down, or up. */
  | { readonly kind: 'floor' | 'ceiling'; readonly dividend: Sum; readonly divisor: number }
  /** How many integers lie in [from, to); none where to < from. */
  | { readonly kind: 'between'; readonly from: Int; readonly to: Int }
  | { readonly kind: 'load'; readonly array: Tensor; readonly at: Sum; readonly lanes?: Lanes }
  /** The same integer in every lane. */
  | { readonly kind: 'splat'; readonly of: Int }
  /** ⌊number / below⌋, or its remainder by `size` where a higher digit is left. */
  | { readonly kind: 'digit'; readonly number: Variable; readonly below: number; readonly size: number | undefined }
  /** The place of the first candidate that is as large as the maximum. */
  | { readonly kind: 'argmax'; readonly candidates: readonly Contender[]; readonly maximum: Value }
  /** How far a winner's place moves a read: Σ stride·digit, of a window of these sizes. */
  | {
      readonly kind: 'address';
      readonly winner: Variable;
      readonly sizes: readonly number[];
      readonly strides: readonly number[];
    };

export type Value =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'local'; readonly local: Local }
  /** What the function was called with. */
  | { readonly kind: 'argument'; readonly name: string }
  | { readonly kind: 'load'; readonly array: Tensor; readonly at: Sum; readonly lanes?: Lanes }
  /** The same number in every lane, and the number of the first lane. */
  | { readonly kind: 'splat' | 'extract'; readonly of: Value }
  | { readonly kind: 'plus'; readonly terms: readonly Value[] }
  | { readonly kind: 'times'; readonly factors: readonly Value[] }
  | { readonly kind: 'divide'; readonly dividend: Value; readonly divisor: Value }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly argument: Value }
  | { readonly kind: 'select'; readonly test: Test; readonly yes: Value; readonly no: Value }
  /** The largest, of which nobody asks the place. */
  | { readonly kind: 'max'; readonly candidates: readonly Contender[] }
  | { readonly kind: 'fromInt'; readonly value: Int };

export type Test =
  | { readonly kind: 'compare'; readonly sign: '>' | '<' | '=' | '≠'; readonly left: Value; readonly right: Value }
  | { readonly kind: 'equal'; readonly left: Int; readonly right: Int }
  | { readonly kind: 'within'; readonly value: Sum; readonly size: number }
  | { readonly kind: 'every'; readonly of: readonly Test[] };

export function sumOf(constant: number, terms: Iterable<readonly [Variable, number]> = []): Sum {
  return { kind: 'sum', constant, terms: new Map([...terms].filter(([, coefficient]) => coefficient !== 0)) };
}

export function variableSum(variable: Variable, coefficient = 1): Sum {
  return sumOf(0, [[variable, coefficient]]);
}

export function addSums(...summands: readonly (Sum | number)[]): Sum {
  return { kind: 'sum', ...addLinear(...summands) };
}

export function scaleSum(factor: number, sum: Sum): Sum {
  return { kind: 'sum', ...scaleLinear(factor, sum) };
}

/** How far apart two integers are, if that is known. */
export function distance(from: Int, to: Int): number | undefined {
  if (from.kind !== 'sum' || to.kind !== 'sum') return undefined;
  const difference = addSums(to, scaleSum(-1, from));
  return isConstant(difference) ? difference.constant : undefined;
}

/** How often a loop's body runs, where that is known and at least once. */
export function turnsOf({ from, to, step }: Pick<Loop, 'from' | 'to' | 'step'>): number | undefined {
  const length = distance(from, to);
  return length !== undefined && length > 0 ? Math.ceil(length / step) : undefined;
}

/** Whether its body runs once, without addresses that would move on. */
export function hasOneTurn(loop: Loop): boolean {
  return loop.pointers === undefined && turnsOf(loop) === 1;
}

export function isConstant({ terms }: Sum): boolean {
  return terms.size === 0;
}
