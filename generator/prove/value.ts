import type { Residue } from './field.ts';
import { constant, type Node } from './node.ts';
import { Refusal } from './refusal.ts';

/**
 * A number in exact arithmetic. The residue carries the algebra; the float, computed as the program itself would,
 * decides branches and nothing else. The two are independent: `float` is not the number that `hi` and `lo` stand for.
 */
export class Value implements Residue {
  readonly float: number;
  hi = 0;
  lo = 0;
  node: Node = constant;
  /** Its derivative along the direction that is followed, where it depends on a variable and that is known. */
  slope: Residue | undefined = undefined;
  /** The logarithms that this value adds up, where exp would find them again: exp(u + log s) = exp(u)·s. */
  logarithms: readonly Logarithm[] | undefined = undefined;

  constructor(float: number) {
    this.float = float;
  }

  /** JavaScript's own operators must never see a value: its result would be neither exact nor have a derivative. */
  [Symbol.toPrimitive](): never {
    throw new Refusal('found a number of the network where only plain JavaScript can compute');
  }
}

/** `times`·log(of), of which `log` is the residue. */
export interface Logarithm {
  readonly of: Residue;
  readonly log: Residue;
  readonly times: number;
}

/** A number as the translated program sees it. A plain number is exact: an index, a counter, a zero. */
export type Scalar = number | Value;

/** A region in which this point says nothing: a tie that rounding hides or feigns, or a division by zero. */
export class Undecided extends Error {
  override name = 'Undecided';
}

export function floatOf(scalar: Scalar): number {
  return typeof scalar === 'number' ? scalar : scalar.float;
}

/** Adds two lists of logarithms; undefined where nothing is left. */
export function addLogarithms(
  left: readonly Logarithm[] | undefined,
  right: readonly Logarithm[] | undefined,
  sign: 1 | -1,
): readonly Logarithm[] | undefined {
  if (right === undefined) return left;
  const sum = new Map<string, Logarithm>();
  const add = (term: Logarithm, by: 1 | -1): void => {
    const key = `${term.of.hi}:${term.of.lo}`;
    const times = (sum.get(key)?.times ?? 0) + by * term.times;
    if (times === 0) sum.delete(key);
    else sum.set(key, { ...term, times });
  };
  for (const term of left ?? []) add(term, 1);
  for (const term of right) add(term, sign);
  return sum.size === 0 || sum.size > mostLogarithms ? undefined : [...sum.values()];
}

/** n times a list of logarithms, for a small integer: exp(n·log s) = sⁿ. */
export function timesLogarithms(logarithms: readonly Logarithm[], n: number): readonly Logarithm[] | undefined {
  if (n === 0 || !Number.isInteger(n) || Math.abs(n) > mostTimes) return undefined;
  return logarithms.map((one) => ({ ...one, times: one.times * n }));
}

/** A larger power is written with exp on purpose. */
const mostTimes = 8;

/** More than a network adds up on purpose; a sum over all pixels of an image need not be remembered. */
const mostLogarithms = 16;
