import type { Arithmetic } from './arithmetic.ts';
import { areEqual, difference, isZero, negative, one, type Residue, residueOf, subtractInto, sum } from './field.ts';
import { constant } from './node.ts';
import { randomResidue } from './random.ts';
import { addLogarithms, type Logarithms, powerOf, type Value } from './value.ts';

/** What keeps the random residues of different functions apart. */
const tags = { exp: 1, log: 2, tanh: 3, atan: 4, sqrt: 5, erf: 6 } as const;

/**
 * The functions whose text is not followed: the residue is random, the same for the same argument, and all that is known
 * of it stands here: its derivative and its identities. A random residue for each argument is as good as a variable of
 * its own. Each is told the float that the program computes.
 */
export class OpaqueFunctions {
  readonly #ring: Arithmetic;

  constructor(ring: Arithmetic) {
    this.#ring = ring;
  }

  /** d eᵘ = eᵘ */
  exp(float: number, u: Value): Value {
    const y = this.#exponential(u, u.logarithms);
    return this.#ring.derived(float, y, u, y);
  }

  /** expm1 u = eᵘ − 1 */
  expm1(float: number, u: Value): Value {
    const y = this.#exponential(u, u.logarithms);
    return this.#ring.derived(float, difference(y, one), u, y);
  }

  /** log s, of s = u or 1 + u: d log u = 1/u; remembered, so that exp finds s again. */
  log(float: number, u: Value, s: Residue): Value {
    const residue = areEqual(s, one) ? residueOf(0n) : this.#residue('log', s);
    const value = this.#ring.derived(float, residue, u, this.#ring.inverse(s));
    value.logarithms = [{ of: { hi: s.hi, lo: s.lo }, log: residue, times: one }];
    return value;
  }

  /** tanh′ = 1 − tanh², tanh(−u) = −tanh u */
  tanh(float: number, u: Value): Value {
    const y = this.#odd('tanh', u);
    return this.#ring.derived(float, y, u, difference(one, this.#square(y)));
  }

  /** atan′ = 1/(1 + u²), atan(−u) = −atan u */
  atan(float: number, u: Value): Value {
    const y = this.#odd('atan', u);
    return this.#ring.derived(float, y, u, this.#ring.inverse(sum(one, this.#square(u))));
  }

  /** d √u = 1/(2√u); √0 = 0, √1 = 1 */
  sqrt(float: number, u: Value): Value {
    const y = isZero(u) || areEqual(u, one) ? u : this.#residue('sqrt', u);
    return this.#ring.derived(float, y, u, u.node === constant ? one : this.#ring.inverse(sum(y, y)));
  }

  /** erf′ = 2/√π·e^(−u²), erf(−u) = −erf u */
  erf(float: number, u: Value): Value {
    return this.#ring.derived(float, this.#odd('erf', u), u, this.#slopeOfErf(u));
  }

  /** erfc u = 1 − erf u */
  erfc(float: number, u: Value): Value {
    return this.#ring.derived(float, difference(one, this.#odd('erf', u)), u, negative(this.#slopeOfErf(u)));
  }

  /** Φ u = ½(1 + erf(u/√2)) */
  normalCdf(float: number, u: Value): Value {
    const ring = this.#ring;
    const inner = ring.lift(ring.times(u, Math.SQRT1_2));
    const half = ring.lift(ring.times(ring.plus(1, this.erf(0, inner)), 0.5));
    return ring.copy(half, float);
  }

  /** softplus u = log(1 + eᵘ) = max(u, 0) + log(1 + e^−|u|), softplus′ = 1/(1 + e⁻ᵘ), without a kink at 0 */
  softplus(float: number, u: Value): Value {
    const ring = this.#ring;
    const isPositive = u.float > 0;
    const falling = ring.lift(isPositive ? ring.negate(u) : u);
    const decreasing = this.#exponential(falling, falling.logarithms);
    const tail = this.log(0, ring.make(0, decreasing), sum(one, decreasing));
    const slope = ring.inverse(sum(one, isPositive ? decreasing : ring.inverse(decreasing)));
    const value = ring.derived(float, isPositive ? sum(u, tail) : tail, u, slope);
    value.logarithms = addLogarithms(tail.logarithms, isPositive ? u.logarithms : undefined, 1);
    return value;
  }

  #slopeOfErf(u: Residue): Residue {
    const twoOverRootPi = this.#ring.constants.twoOverRootPi(this.#ring.seed);
    return this.#ring.product(twoOverRootPi, this.#exponential(negative(this.#square(u)), undefined));
  }

  #square(u: Residue): Residue {
    return this.#ring.product(u, u);
  }

  #residue(name: keyof typeof tags, u: Residue): Residue {
    return randomResidue(this.#ring.seed, tags[name], u.hi, u.lo);
  }

  /** f(−u) = −f(u) */
  #odd(name: keyof typeof tags, u: Residue): Residue {
    if (isZero(u)) return residueOf(0n);
    const [positive, isNegative] = upToSign(u);
    return isNegative ? negative(this.#residue(name, positive)) : this.#residue(name, positive);
  }

  /** e⁻ᵘ = 1/eᵘ, e⁰ = 1, e^(u + n·log s) = eᵘ·sⁿ */
  #exponential(u: Residue, logarithms: Logarithms | undefined): Residue {
    const ring = this.#ring;
    // Whatever logarithms it is made of: 0 = x·log s + log s for x = −1.
    if (isZero(u)) return one;
    const rest = { hi: u.hi, lo: u.lo };
    let factor: Residue = one;
    for (const { of, log, times } of logarithms ?? []) {
      const power = powerOf(times);
      if (power === undefined) continue;
      subtractInto(rest, rest, ring.product(log, times));
      for (let n = Math.abs(power); n > 0; n--) factor = ring.product(factor, power > 0 ? of : ring.inverse(of));
    }
    if (isZero(rest)) return factor;
    const [positive, isNegative] = upToSign(rest);
    const known = this.#residue('exp', positive);
    return ring.product(factor, isNegative ? ring.inverse(known) : known);
  }
}

/** u or −u, the same for both, and whether it is −u. */
function upToSign(u: Residue): readonly [Residue, boolean] {
  const other = negative(u);
  const isNegative = u.hi > other.hi || (u.hi === other.hi && u.lo > other.lo);
  return isNegative ? [other, true] : [u, false];
}
