import { Constants } from './constants.ts';
import type { Derivatives } from './derivatives.ts';
import {
  integerInto,
  invertInto,
  isZero,
  type MutableResidue,
  multiplyInto,
  one,
  type Residue,
  zero,
} from './field.ts';
import { constant } from './node.ts';
import { Refusal } from './refusal.ts';
import { type Scalar, Undecided, Value } from './value.ts';

/** Numbers of a field with a float beside each: where they come from, and what they are to plain JavaScript. */
export abstract class Values<D extends Derivatives> {
  readonly seed: number;
  readonly derivatives: D;
  readonly constants: Constants;
  readonly #inverses = new Map<number, Residue>();

  /** @param numbers what a float32 may stand for that is no simple fraction */
  constructor(seed: number, derivatives: D, numbers: readonly number[] = []) {
    this.seed = seed;
    this.derivatives = derivatives;
    this.constants = new Constants(seed, numbers);
  }

  /** A constant. */
  make(float: number, residue: Residue): Value {
    const value = new Value(float);
    value.hi = residue.hi;
    value.lo = residue.lo;
    return value;
  }

  /** What is computed from one value, in which it has the derivative `slope`. */
  derived(float: number, residue: Residue, parent: Value, slope: Residue): Value {
    const value = this.make(float, residue);
    this.derivatives.unary(value, parent, slope);
    return value;
  }

  /** The same number again, its float −0 perhaps as 0; without derivative if it `isFlat`. */
  copy(value: Value, float: number, isFlat = false): Value {
    const copy = isFlat ? this.make(float, value) : this.derived(float, value, value, one);
    copy.logarithms = value.logarithms;
    return copy;
  }

  /** A number that a derivative may be taken in; a direction leads along it by `slope`. */
  variable(float: number, residue: Residue, slope: Residue = zero): Value {
    const value = this.make(float, residue);
    this.derivatives.variable(value, slope);
    return value;
  }

  /** A plain number as a value: an integer exactly, any other as the fraction that its literal means. */
  lift(scalar: Scalar): Value {
    if (scalar instanceof Value) return scalar;
    if (typeof scalar !== 'number' || !Number.isFinite(scalar)) {
      throw new Refusal(`found ${scalar === undefined ? 'nothing' : String(scalar)} where a number is needed`);
    }
    const value = new Value(scalar);
    if (Number.isSafeInteger(scalar)) integerInto(value, scalar);
    else {
      const { hi, lo } = this.constants.residue(scalar);
      value.hi = hi;
      value.lo = lo;
    }
    return value;
  }

  /** A number that stands in the program's text. */
  written(value: Value): Value {
    value.isWritten = true;
    return value;
  }

  /** The number that a float32 stands for, of a finite one other than 0. */
  liftFloat32(float32: number): Value {
    const { float, residue } = this.constants.float32(float32);
    return this.written(this.make(float, residue));
  }

  /** Whether a derivative in the value could be other than 0. */
  isVariable(scalar: Scalar): boolean {
    return scalar instanceof Value && this.derivatives.isVariable(scalar.node);
  }

  inverse(a: Residue): Residue {
    if (isZero(a)) throw new Undecided('divides by 0');
    const inverse: MutableResidue = { hi: 0, lo: 0 };
    invertInto(inverse, a);
    return inverse;
  }

  /** 1/b of a plain number, which the same text divides by again and again. */
  protected inverseOf(b: number, residue: Residue): Residue {
    const known = this.#inverses.get(b) ?? this.inverse(residue);
    this.#inverses.set(b, known);
    return known;
  }

  product(a: Residue, b: Residue): MutableResidue {
    const product = { hi: 0, lo: 0 };
    multiplyInto(product, a, b);
    return product;
  }

  /** What only plain JavaScript may compute with: an index, a counter, a comparison; or a fraction of such, in k/2|0. */
  plain<T>(a: T): number & T {
    if (!(a instanceof Value)) return a as number & T;
    if (a.node !== constant) throw new Refusal('found a number of the network where an integer is needed');
    return a.float as number & T;
  }
}
