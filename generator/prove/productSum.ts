import { addInto, type MutableResidue, negateInto, type Residue, settleLimbs } from './field.ts';

/** So many products leave every limb of their sum below 2^53. */
const most = 64;

/** A sum of residues and of products of such, brought below p only at its end. */
export class ProductSum {
  readonly #limbs = new Float64Array(3);
  readonly #rest: MutableResidue = { hi: 0, lo: 0 };
  readonly #opposite: MutableResidue = { hi: 0, lo: 0 };
  #terms = 0;
  #hasRest = false;

  add(a: Residue): void {
    const limbs = this.#limbs;
    limbs[0]! += a.lo & 0x1fffff;
    limbs[1]! += (a.lo >>> 21) | ((a.hi & 0x7ff) << 10);
    limbs[2]! += a.hi >>> 11;
    if (++this.#terms === most) this.#settle();
  }

  addProduct(a: Residue, b: Residue): void {
    const limbs = this.#limbs;
    const a0 = a.lo & 0x1fffff;
    const a1 = (a.lo >>> 21) | ((a.hi & 0x7ff) << 10);
    const a2 = a.hi >>> 11;
    const b0 = b.lo & 0x1fffff;
    const b1 = (b.lo >>> 21) | ((b.hi & 0x7ff) << 10);
    const b2 = b.hi >>> 11;
    limbs[0]! += a0 * b0 + 4 * (a1 * b2 + a2 * b1);
    limbs[1]! += a0 * b1 + a1 * b0 + 4 * (a2 * b2);
    limbs[2]! += a0 * b2 + a1 * b1 + a2 * b0;
    if (++this.#terms === most) this.#settle();
  }

  subtract(a: Residue): void {
    negateInto(this.#opposite, a);
    this.add(this.#opposite);
  }

  subtractProduct(a: Residue, b: Residue): void {
    negateInto(this.#opposite, a);
    this.addProduct(this.#opposite, b);
  }

  /** Writes the sum, and begins anew. */
  finishInto(into: MutableResidue): void {
    const limbs = this.#limbs;
    settleLimbs(into, limbs[0]!, limbs[1]!, limbs[2]!);
    limbs[0] = 0;
    limbs[1] = 0;
    limbs[2] = 0;
    this.#terms = 0;
    if (!this.#hasRest) return;
    addInto(into, into, this.#rest);
    this.#hasRest = false;
  }

  #settle(): void {
    const sum = { hi: 0, lo: 0 };
    this.finishInto(sum);
    this.#rest.hi = sum.hi;
    this.#rest.lo = sum.lo;
    this.#hasRest = true;
  }
}
