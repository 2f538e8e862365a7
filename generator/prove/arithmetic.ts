import type { Derivatives } from './derivatives.ts';
import {
  addInto,
  areEqual,
  isZero,
  multiplyAddInto,
  multiplyInto,
  negateInto,
  one,
  power,
  residueOf,
  subtractInto,
} from './field.ts';
import { constant } from './node.ts';
import { ProductSum } from './productSum.ts';
import { Refusal } from './refusal.ts';
import { addLogarithms, floatOf, type Scalar, timesLogarithms, Undecided, Value } from './value.ts';
import { Values } from './values.ts';

/**
 * Where a maximum or minimum of equal values sends the gradient: to the first of them, to all of them, or nowhere if
 * one of them is a constant (relu′(0) = 0, relu6 flat at 6).
 */
export type TieRule = 'first' | 'all' | 'flat';

/** Sums of a network in another order differ by less, relative to numbers of the size of 1 or more. */
const nearness = 1e-12;

/** Terms of sums, by the characters that stand for them. */
const [plus, plusProduct, minusProduct] = ['+', 'p', 'm'].map((code) => code.charCodeAt(0)) as [number, number, number];

/** Arithmetic of a field, and comparisons of the floats beside it, which must agree. */
export class Arithmetic<D extends Derivatives = Derivatives> extends Values<D> {
  /** Whether equal numbers were compared, one of which varies: there a derivative is a convention. */
  hasTies = false;
  /** Why this point decides nothing, if so: floats and residues disagree about an equality. */
  undecided: string | undefined = undefined;
  ties: TieRule = 'first';
  /** What comparisons ask about, told of each difference that is compared with 0. */
  onComparison: (a: Value, b: Value) => void = () => {};
  /** Whether the comparison that was made last was a tie. */
  protected tied = false;
  readonly #zero = new Value(0);
  readonly #products = new ProductSum();

  /** a + b; also joins strings, which only error messages do. */
  plus(a: Scalar, b: Scalar): Scalar {
    if (typeof a === 'number' && typeof b === 'number') {
      const sum = a + b;
      if (Number.isSafeInteger(sum)) return sum;
    } else if (typeof a === 'string' || typeof b === 'string') return `${a}${b}` as unknown as number;
    const [left, right] = [this.lift(a), this.lift(b)];
    const sum = new Value(left.float + right.float);
    addInto(sum, left, right);
    this.derivatives.sum(sum, left, right);
    if (left.logarithms !== undefined || right.logarithms !== undefined) {
      sum.logarithms = addLogarithms(left.logarithms, right.logarithms, 1);
    }
    return sum;
  }

  /**
   * A sum from the left, a character for each term: `+` and `-` of a number, `p` and `m` (plus, minus) of the product of
   * two. The first is never subtracted.
   */
  sum(codes: string, ...parts: Scalar[]): Scalar {
    const values = this.#valuesOf(parts);
    if (values === undefined) return this.#sumOneByOne(codes, parts);
    const sum = this.#products;
    let float = 0;
    let at = 0;
    for (let n = 0; n < codes.length; n++) {
      const code = codes.charCodeAt(n);
      const a = values[at++]!;
      const isProduct = code === plusProduct || code === minusProduct;
      const b = isProduct ? values[at++]! : undefined;
      const term = b === undefined ? a.float : a.float * b.float;
      float = n === 0 ? term : code === plus || code === plusProduct ? float + term : float - term;
      if (b === undefined) {
        if (code === plus) sum.add(a);
        else sum.subtract(a);
      } else if (code === plusProduct) sum.addProduct(a, b);
      else sum.subtractProduct(a, b);
    }
    const result = new Value(float);
    sum.finishInto(result);
    this.derivatives.terms(result, codes, values);
    return result;
  }

  /** All as values; undefined where none is a number of the network, or one has a logarithm in it. */
  #valuesOf(parts: Scalar[]): readonly Value[] | undefined {
    let isPlain = true;
    for (const part of parts) {
      if (!(part instanceof Value)) continue;
      if (part.logarithms !== undefined) return undefined;
      isPlain = false;
    }
    if (isPlain) return undefined;
    for (let n = 0; n < parts.length; n++) {
      if (!(parts[n] instanceof Value)) parts[n] = this.lift(parts[n]!);
    }
    return parts as Value[];
  }

  #sumOneByOne(codes: string, parts: readonly Scalar[]): Scalar {
    let sum: Scalar = 0;
    let at = 0;
    for (let n = 0; n < codes.length; n++) {
      const code = codes.charCodeAt(n);
      const isProduct = code === plusProduct || code === minusProduct;
      const term = isProduct ? this.times(parts[at++]!, parts[at++]!) : parts[at++]!;
      if (n === 0) sum = term;
      else sum = code === plus || code === plusProduct ? this.plus(sum, term) : this.subtract(sum, term);
    }
    return sum;
  }

  subtract(a: Scalar, b: Scalar): Scalar {
    if (typeof a === 'number' && typeof b === 'number') {
      const difference = a - b;
      if (Number.isSafeInteger(difference)) return difference;
    }
    const [left, right] = [this.lift(a), this.lift(b)];
    const difference = new Value(left.float - right.float);
    subtractInto(difference, left, right);
    this.derivatives.difference(difference, left, right);
    if (left.logarithms !== undefined || right.logarithms !== undefined) {
      difference.logarithms = addLogarithms(left.logarithms, right.logarithms, -1);
    }
    return difference;
  }

  times(a: Scalar, b: Scalar): Scalar {
    if (typeof a === 'number' && typeof b === 'number') {
      const product = a * b;
      if (Number.isSafeInteger(product)) return product;
    }
    const [left, right] = [this.lift(a), this.lift(b)];
    const product = new Value(left.float * right.float);
    multiplyInto(product, left, right);
    this.derivatives.product(product, left, right);
    if (right.logarithms !== undefined && left.node === constant) {
      product.logarithms = timesLogarithms(right.logarithms, left);
    } else if (left.logarithms !== undefined && right.node === constant) {
      product.logarithms = timesLogarithms(left.logarithms, right);
    }
    return product;
  }

  /** term + a·b, as one value */
  plusProduct(term: Scalar, a: Scalar, b: Scalar): Scalar {
    if (!(a instanceof Value && b instanceof Value && term instanceof Value)) return this.plus(term, this.times(a, b));
    const hasLogarithms = (a.logarithms ?? b.logarithms) !== undefined;
    if (hasLogarithms && (a.node === constant || b.node === constant)) return this.plus(term, this.times(a, b));
    const sum = new Value(term.float + a.float * b.float);
    multiplyAddInto(sum, a, b, term);
    this.derivatives.productSum(sum, a, b, term);
    sum.logarithms = term.logarithms;
    return sum;
  }

  /** a/b; ∂/∂a = 1/b, ∂/∂b = −(a/b)/b */
  divide(a: Scalar, b: Scalar): Scalar {
    if (typeof a === 'number' && typeof b === 'number') {
      const quotient = a / b;
      if (Number.isSafeInteger(quotient)) return quotient;
    }
    const [left, right] = [this.lift(a), this.lift(b)];
    if (right.node === constant && areEqual(right, one)) return this.copy(left, left.float / right.float);
    const inverse = typeof b === 'number' ? this.inverseOf(b, right) : this.inverse(right);
    const residue = this.product(left, inverse);
    const slope = this.product(residue, inverse);
    negateInto(slope, slope);
    const result = this.make(left.float / right.float, residue);
    this.derivatives.binary(result, left, inverse, right, slope);
    if (left.logarithms !== undefined && right.node === constant) {
      result.logarithms = timesLogarithms(left.logarithms, inverse);
    }
    return result;
  }

  remainder(a: Scalar, b: Scalar): Scalar {
    return this.plain(a) % this.plain(b);
  }

  /** aⁿ for an integer n; ∂/∂a = n·aⁿ⁻¹ */
  power(a: Scalar, exponent: Scalar): Scalar {
    const n = this.plain(exponent);
    if (!Number.isSafeInteger(n)) throw new Refusal(`found a power of ${n}, expected an integer`);
    if (typeof a === 'number' && Number.isSafeInteger(a ** n)) return a ** n;
    const base = this.lift(a);
    if (n === 0) return 1;
    if (n < 0 && isZero(base)) throw new Undecided('divides by 0');
    const slope = this.product(power(base, n - 1), residueOf(BigInt(n)));
    return this.derived(base.float ** n, power(base, n), base, slope);
  }

  negate(a: Scalar): Scalar {
    if (typeof a === 'number') return -a;
    const value = this.lift(a);
    const negative = new Value(-value.float);
    negateInto(negative, value);
    this.derivatives.difference(negative, this.#zero, value);
    negative.logarithms = addLogarithms(undefined, value.logarithms, -1);
    return negative;
  }

  /** Unary +, which turns a comparison into 0 or 1. */
  number(a: Scalar | boolean): Scalar {
    return typeof a === 'boolean' ? Number(a) : a;
  }

  // Comparisons, decided by the floats

  less(a: Scalar, b: Scalar): boolean {
    return this.#compared(a, b, 'order') ? floatOf(a) < floatOf(b) : a < b;
  }

  atMost(a: Scalar, b: Scalar): boolean {
    return this.#compared(a, b, 'order') ? floatOf(a) <= floatOf(b) : a <= b;
  }

  same(a: Scalar, b: Scalar): boolean {
    // A number found equal to itself, as the maximum to its candidate, is no tie; nor is one that is absent.
    return (
      a === b || (a !== undefined && b !== undefined && this.#compared(a, b, 'compare') && floatOf(a) === floatOf(b))
    );
  }

  /** Notes a tie; false for plain operands, whatever they are. */
  #compared(a: Scalar, b: Scalar, how: 'compare' | 'order'): boolean {
    if (!(a instanceof Value) && !(b instanceof Value)) return false;
    if (Math.abs(floatOf(a)) !== Number.POSITIVE_INFINITY && Math.abs(floatOf(b)) !== Number.POSITIVE_INFINITY) {
      this[how](this.lift(a), this.lift(b));
    }
    return true;
  }

  /** Whether two values are equal. Floats and residues must agree about it, or the point is in no region. */
  compare(a: Value, b: Value): boolean {
    this.onComparison(a, b);
    const tie = a.float === b.float;
    if (tie !== areEqual(a, b) || Number.isNaN(a.float) || Number.isNaN(b.float)) {
      this.undecided ??= tie ? 'rounding feigns a tie' : 'rounding hides a tie';
    } else if (tie && (this.isVariable(a) || this.isVariable(b))) {
      this.hasTies = true;
      this.tied = true;
    }
    return tie;
  }

  /** Likewise, where an order is asked for: it is open if the reference's rounding could turn it round. */
  order(a: Value, b: Value): boolean {
    const tie = this.compare(a, b);
    const size = Math.max(1, Math.abs(a.float), Math.abs(b.float));
    // What is 0 exactly stands to a constant as it does, however small that is.
    const isSure = (one: Value, other: Value): boolean => one.float === 0 && isZero(one) && !this.isVariable(other);
    if (tie || isSure(a, b) || isSure(b, a)) return tie;
    if (Math.abs(a.float - b.float) < nearness * size) this.undecided ??= 'rounding may decide an order';
    return tie;
  }
}
