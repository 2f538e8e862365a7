import { areEqual, isZero, keyOf, negative, one, product, type Residue, sum } from './field.ts';
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
  logarithms: Logarithms | undefined = undefined;
  /** Whether it is a literal, where the text compares with it or computes with it; what comes of that is computed. */
  isWritten = false;

  constructor(float: number) {
    this.float = float;
  }

  /** JavaScript's own operators must never see a value: its result would be neither exact nor have a derivative. */
  [Symbol.toPrimitive](): never {
    throw new Refusal('found a number of the network where only plain JavaScript can compute');
  }
}

/** `times`·log(of), of which `log` is the residue; `times` may be any fraction, as the weight in a mean is one. */
export interface Logarithm {
  readonly of: Residue;
  readonly log: Residue;
  readonly times: Residue;
}

export type Logarithms = readonly Logarithm[];

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
  left: Logarithms | undefined,
  right: Logarithms | undefined,
  sign: 1 | -1,
): Logarithms | undefined {
  if (right === undefined) return left;
  if (left === tooMany || right === tooMany) return tooMany;
  const total = new Map<string, Logarithm>();
  const add = (term: Logarithm, isNegative: boolean): void => {
    const key = keyOf(term.of);
    const known = total.get(key);
    const own = isNegative ? negative(term.times) : term.times;
    const times = known === undefined ? own : sum(known.times, own);
    if (isZero(times)) total.delete(key);
    else total.set(key, { ...term, times });
  };
  for (const term of left ?? []) add(term, false);
  for (const term of right) add(term, sign === -1);
  if (total.size > mostLogarithms) return tooMany;
  return total.size === 0 ? undefined : [...total.values()];
}

/** A constant times a list of logarithms. */
export function timesLogarithms(logarithms: Logarithms, factor: Residue): Logarithms | undefined {
  if (isZero(factor)) return undefined;
  if (logarithms === tooMany || areEqual(factor, one)) return logarithms;
  return logarithms.map((term) => ({ ...term, times: product(term.times, factor) }));
}

/** n, where a factor is a small integer, so that exp(n·log s) = sⁿ; undefined of any other. */
export function powerOf(times: Residue): number | undefined {
  const opposite = negative(times);
  if (times.hi === 0 && times.lo <= mostTimes) return times.lo;
  return opposite.hi === 0 && opposite.lo <= mostTimes ? -opposite.lo : undefined;
}

/** A larger power is written with exp on purpose. */
const mostTimes = 8;

/** More than a network adds up on purpose; a sum over all pixels of an image need not be remembered. */
const mostLogarithms = 16;

/** Stands for more than that, in whatever order they were added up. */
const tooMany: Logarithms = [];
