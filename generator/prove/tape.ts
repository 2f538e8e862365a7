import type { Derivatives } from './derivatives.ts';
import { addInto, type MutableResidue, minusOne, multiplyInto, one, type Residue } from './field.ts';
import { constant, type Node } from './node.ts';
import { Refusal } from './refusal.ts';
import type { Value } from './value.ts';

/** Values that one recording may hold: 0.8 GB. The forward pass of ResNet8 needs three quarters of it. */
const mostNodes = 2 ** 25;

/** What depends on a variable, but by a way that was not recorded. */
const unrecorded: Node = 2 ** 30 - 1;

/** Numbers in one entry: two parents, and the derivative in each as a residue. */
const width = 6;

/** There are more values than a tape may hold. */
export class TapeIsFull extends Refusal {
  override name = 'TapeIsFull';
}

/**
 * The record of a computation: for each value its one or two parents and the exact partial derivatives in them. One
 * sweep from the last value back to the first gives the derivative of that value in every other (reverse mode).
 *
 * Nodes are never used twice, so that a value from before the last `clear` is recognised: it is a constant by then.
 */
export class Tape implements Derivatives {
  areFollowed = true;
  count = 0;
  #first: Node = 1;
  #next: Node = 1;
  #entries = new Int32Array(width * 4096);

  clear(): void {
    this.#first = this.#next;
    this.count = 0;
  }

  isVariable(node: Node): boolean {
    return node >= this.#first;
  }

  isKnown({ node }: Value): boolean {
    return node !== unrecorded;
  }

  variable(into: Value): void {
    into.node = this.#append(constant, one, constant, one);
  }

  unary(into: Value, parent: Value, slope: Residue): void {
    into.node = this.#nodeOf(parent.node, slope, constant, one);
  }

  binary(into: Value, left: Value, leftSlope: Residue, right: Value, rightSlope: Residue): void {
    into.node = this.#nodeOf(left.node, leftSlope, right.node, rightSlope);
  }

  sum(into: Value, left: Value, right: Value): void {
    into.node = this.#nodeOf(left.node, one, right.node, one);
  }

  difference(into: Value, left: Value, right: Value): void {
    into.node = this.#nodeOf(left.node, one, right.node, minusOne);
  }

  product(into: Value, left: Value, right: Value): void {
    into.node = this.#nodeOf(left.node, right, right.node, left);
  }

  productSum(into: Value, left: Value, right: Value, term: Value): void {
    into.node = this.#nodeOf(this.#nodeOf(left.node, right, right.node, left), one, term.node, one);
  }

  terms(into: Value, codes: string, parts: readonly Value[]): void {
    let at = 0;
    for (const code of codes) {
      const a = parts[at++]!;
      const isProduct = code === 'p' || code === 'm';
      const b = isProduct ? parts[at++]! : undefined;
      const node = b === undefined ? a.node : this.#nodeOf(a.node, b, b.node, a);
      const isFirst = at === (b === undefined ? 1 : 2);
      into.node = isFirst ? node : this.#nodeOf(into.node, one, node, code === '-' || code === 'm' ? minusOne : one);
    }
  }

  /** ∂(the value at `node`)/∂(every recorded value). */
  adjointsOf(node: Node): Adjoints {
    const adjoints = new Adjoints(this.#first, this.#next);
    if (!this.isVariable(node) || node === unrecorded) return adjoints;
    adjoints.add(node, one);
    const entries = this.#entries;
    const adjoint = { hi: 0, lo: 0 };
    const slope = { hi: 0, lo: 0 };
    const passOn = (parent: Node, at: number): void => {
      slope.hi = entries[at]!;
      slope.lo = entries[at + 1]!;
      if (slope.hi === 0 && slope.lo === 1) adjoints.add(parent, adjoint);
      else {
        multiplyInto(slope, slope, adjoint);
        adjoints.add(parent, slope);
      }
    };
    for (let n = node; n >= this.#first; n--) {
      adjoints.read(n, adjoint);
      if (adjoint.hi === 0 && adjoint.lo === 0) continue;
      const at = (n - this.#first) * width;
      if (entries[at] !== constant) passOn(entries[at]!, at + 1);
      if (entries[at + 3] !== constant) passOn(entries[at + 3]!, at + 4);
    }
    return adjoints;
  }

  /** The node of a value of two parents; one that does not vary is none. */
  #nodeOf(left: Node, leftSlope: Residue, right: Node, rightSlope: Residue): Node {
    const [isLeft, isRight] = [left >= this.#first, right >= this.#first];
    if (!isLeft && !isRight) return constant;
    this.count++;
    if (!this.areFollowed || left === unrecorded || right === unrecorded) return unrecorded;
    if (!isRight) return this.#append(left, leftSlope, constant, one);
    return isLeft ? this.#append(left, leftSlope, right, rightSlope) : this.#append(right, rightSlope, constant, one);
  }

  #append(left: Node, leftSlope: Residue, right: Node, rightSlope: Residue): Node {
    const at = (this.#next - this.#first) * width;
    if (at === this.#entries.length) this.#grow();
    const entries = this.#entries;
    entries[at] = left;
    entries[at + 1] = leftSlope.hi;
    entries[at + 2] = leftSlope.lo;
    entries[at + 3] = right;
    entries[at + 4] = rightSlope.hi;
    entries[at + 5] = rightSlope.lo;
    return this.#next++;
  }

  #grow(): void {
    if (this.#next - this.#first >= mostNodes) throw new TapeIsFull(`computes more than ${mostNodes} numbers`);
    const grown = new Int32Array(this.#entries.length * 2);
    grown.set(this.#entries);
    this.#entries = grown;
  }
}

/** The derivatives of one value in all others; 0 in constants and in what came after it. */
export class Adjoints {
  readonly #first: Node;
  readonly #values: Int32Array;

  constructor(first: Node, end: Node) {
    this.#first = first;
    this.#values = new Int32Array(2 * (end - first));
  }

  /** Whether a value was recorded. */
  knows(node: Node): boolean {
    return node >= this.#first && node !== unrecorded;
  }

  of(node: Node): Residue {
    const adjoint = { hi: 0, lo: 0 };
    if (this.knows(node)) this.read(node, adjoint);
    return adjoint;
  }

  read(node: Node, into: MutableResidue): void {
    const at = 2 * (node - this.#first);
    into.hi = this.#values[at] ?? 0;
    into.lo = this.#values[at + 1] ?? 0;
  }

  add(node: Node, term: Residue): void {
    const sum = { hi: 0, lo: 0 };
    this.read(node, sum);
    addInto(sum, sum, term);
    const at = 2 * (node - this.#first);
    this.#values[at] = sum.hi;
    this.#values[at + 1] = sum.lo;
  }
}
