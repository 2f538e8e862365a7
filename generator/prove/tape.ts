import { addInto, type MutableResidue, multiplyInto, one, type Residue } from './field.ts';
import { Refusal } from './refusal.ts';

/** What a value is called on the tape; `constant` for what depends on no variable. */
export type Node = number;

export const constant: Node = 0;

/** Values that one round may compute: 0.8 GB. A network of a million multiplications needs a fifth of it. */
const mostNodes = 2 ** 25;

/** Numbers in one entry: two parents, and the derivative in each as a residue. */
const width = 6;

/**
 * The record of a computation: for each value its one or two parents and the exact partial derivatives in them. One
 * sweep from the last value back to the first gives the derivative of that value in every other (reverse mode).
 *
 * Nodes are never used twice, so that a value from before the last `clear` is recognised: it is a constant by then.
 */
export class Tape {
  #first: Node = 1;
  #next: Node = 1;
  #entries = new Int32Array(width * 4096);

  /** Forgets what was recorded; all earlier values become constants. */
  clear(): void {
    this.#first = this.#next;
  }

  /** The node that the next value will have. */
  get next(): Node {
    return this.#next;
  }

  /** How much is recorded. */
  get length(): number {
    return this.#next - this.#first;
  }

  isVariable(node: Node): boolean {
    return node >= this.#first;
  }

  /** A variable: a value without parents. */
  variable(): Node {
    return this.#append(constant, one, constant, one);
  }

  /** A value with ∂value/∂parent = `slope`. */
  unary(parent: Node, slope: Residue): Node {
    return parent < this.#first ? constant : this.#append(parent, slope, constant, one);
  }

  /** A value of two parents, with the derivative in each. */
  binary(left: Node, leftSlope: Residue, right: Node, rightSlope: Residue): Node {
    if (right < this.#first) return this.unary(left, leftSlope);
    return left < this.#first ? this.unary(right, rightSlope) : this.#append(left, leftSlope, right, rightSlope);
  }

  /** ∂(the value at `node`)/∂(every recorded value). */
  adjointsOf(node: Node): Adjoints {
    const adjoints = new Adjoints(this.#first, this.#next);
    if (!this.isVariable(node)) return adjoints;
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
    if (this.#next - this.#first >= mostNodes) throw new Refusal(`computes more than ${mostNodes} numbers`);
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

  of(node: Node): Residue {
    const adjoint = { hi: 0, lo: 0 };
    if (node >= this.#first) this.read(node, adjoint);
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
