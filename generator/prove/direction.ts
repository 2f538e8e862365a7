import type { Derivatives } from './derivatives.ts';
import {
  addInto,
  type MutableResidue,
  multiplyAddInto,
  multiplyInto,
  multiplyTwiceInto,
  negateInto,
  one,
  type Residue,
  subtractInto,
  zero,
} from './field.ts';
import { constant, type Node } from './node.ts';
import { ProductSum } from './productSum.ts';
import type { Value } from './value.ts';

/**
 * Dual numbers: each value carries its derivative along one random direction of the variables, its slope (forward mode).
 * Nothing is recorded, so that memory does not grow with the work.
 *
 * All variables, and what depends on one, have the same node, another one in each computation.
 */
export class Direction implements Derivatives {
  areFollowed = true;
  count = 0;
  #node: Node = constant + 1;
  readonly #sum = new ProductSum();

  clear(): void {
    this.#node++;
    this.count = 0;
  }

  isVariable(node: Node): boolean {
    return node === this.#node;
  }

  isKnown({ node, slope }: Value): boolean {
    return node !== this.#node || slope !== undefined;
  }

  /** The derivative of a value whose derivative is known. */
  slopeOf({ node, slope }: Value): Residue {
    return node === this.#node && slope !== undefined ? slope : zero;
  }

  variable(into: Value, slope: Residue): void {
    into.node = this.#node;
    into.slope = slope;
  }

  unary(into: Value, parent: Value, slope: Residue): void {
    if (parent.node !== this.#node) return;
    this.#note(into);
    if (!this.areFollowed || parent.slope === undefined) return;
    into.slope = slope === one ? parent.slope : product(parent.slope, slope);
  }

  binary(into: Value, left: Value, leftSlope: Residue, right: Value, rightSlope: Residue): void {
    const varies = this.#varying(into, left, right);
    if (varies === 'both') {
      const slope = { hi: 0, lo: 0 };
      multiplyTwiceInto(slope, left.slope!, leftSlope, right.slope!, rightSlope, zero);
      into.slope = slope;
    } else if (varies === 'left') into.slope = product(left.slope!, leftSlope);
    else if (varies === 'right') into.slope = product(right.slope!, rightSlope);
  }

  sum(into: Value, left: Value, right: Value): void {
    const varies = this.#varying(into, left, right);
    if (varies === 'both') into.slope = made(addInto, left.slope!, right.slope!);
    else if (varies !== undefined) into.slope = varies === 'left' ? left.slope : right.slope;
  }

  difference(into: Value, left: Value, right: Value): void {
    const varies = this.#varying(into, left, right);
    if (varies === 'both') into.slope = made(subtractInto, left.slope!, right.slope!);
    else if (varies === 'left') into.slope = left.slope;
    else if (varies === 'right') {
      const slope = { hi: 0, lo: 0 };
      negateInto(slope, right.slope!);
      into.slope = slope;
    }
  }

  product(into: Value, left: Value, right: Value): void {
    this.binary(into, left, right, right, left);
  }

  productSum(into: Value, left: Value, right: Value, term: Value): void {
    const node = this.#node;
    const [variesLeft, variesRight, variesTerm] = [left.node === node, right.node === node, term.node === node];
    if (!variesLeft && !variesRight && !variesTerm) return;
    this.#note(into);
    if (!this.areFollowed) return;
    const [a, b, c] = [
      variesLeft ? left.slope : zero,
      variesRight ? right.slope : zero,
      variesTerm ? term.slope : zero,
    ];
    if (a === undefined || b === undefined || c === undefined) return;
    const slope = { hi: 0, lo: 0 };
    if (!variesLeft) multiplyAddInto(slope, b, left, c);
    else if (variesRight) multiplyTwiceInto(slope, a, right, b, left, c);
    else multiplyAddInto(slope, a, right, c);
    into.slope = slope;
  }

  terms(into: Value, codes: string, parts: readonly Value[]): void {
    let [varies, isKnown] = [false, this.areFollowed];
    for (const { node, slope } of parts) {
      if (node !== this.#node) continue;
      varies = true;
      isKnown &&= slope !== undefined;
    }
    if (!varies) return;
    this.#note(into);
    if (isKnown) into.slope = this.#slopeOfTerms(codes, parts);
  }

  /** (a·b)′ = a′·b + b′·a */
  #slopeOfTerms(codes: string, parts: readonly Value[]): Residue {
    const sum = this.#sum;
    let at = 0;
    for (const code of codes) {
      const a = parts[at++]!;
      const isProduct = code === 'p' || code === 'm';
      const b = isProduct ? parts[at++]! : undefined;
      const isNegative = code === '-' || code === 'm';
      if (a.node === this.#node) addTerm(sum, a.slope!, b, isNegative);
      if (b !== undefined && b.node === this.#node) addTerm(sum, b.slope!, a, isNegative);
    }
    const slope = { hi: 0, lo: 0 };
    sum.finishInto(slope);
    return slope;
  }

  /** Notes what a value depends on; which of the two its slope comes from, where that is followed and known. */
  #varying(into: Value, left: Value, right: Value): 'left' | 'right' | 'both' | undefined {
    const [isLeft, isRight] = [left.node === this.#node, right.node === this.#node];
    if (!isLeft && !isRight) return undefined;
    this.#note(into);
    if (!this.areFollowed) return undefined;
    if ((isLeft && left.slope === undefined) || (isRight && right.slope === undefined)) return undefined;
    return isLeft ? (isRight ? 'both' : 'left') : 'right';
  }

  #note(into: Value): void {
    into.node = this.#node;
    this.count++;
  }
}

function addTerm(sum: ProductSum, slope: Residue, factor: Residue | undefined, isNegative: boolean): void {
  if (factor === undefined) {
    if (isNegative) sum.subtract(slope);
    else sum.add(slope);
  } else if (isNegative) sum.subtractProduct(slope, factor);
  else sum.addProduct(slope, factor);
}

function made(compute: (into: MutableResidue, a: Residue, b: Residue) => void, a: Residue, b: Residue): Residue {
  const into = { hi: 0, lo: 0 };
  compute(into, a, b);
  return into;
}

function product(a: Residue, b: Residue): Residue {
  const into = { hi: 0, lo: 0 };
  multiplyInto(into, a, b);
  return into;
}
