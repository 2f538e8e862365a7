import type { Arithmetic } from './arithmetic.ts';
import { areEqual, difference, isZero, negative, one, type Residue, residueOf, subtractInto, sum } from './field.ts';
import { constant } from './node.ts';
import { randomResidue } from './random.ts';
import { addLogarithms, type Logarithms, powerOf, type Scalar, type Value } from './value.ts';

type Unary = (u: Scalar) => Scalar;

/** `Math` as a translated program sees it; what is not here cannot be proved. */
export type ExactMath = ReturnType<typeof exactMath>;

/** A function whose text is not followed: the ring knows what it computes. */
export type OpaqueName = keyof ExactMath['helpers'];

/**
 * The functions of `Math` on exact numbers.
 *
 * A transcendental function is opaque: its residue is random, the same for the same argument, and all that is known of
 * it stands in this table: its derivative and its identities, beside each. A random residue for each argument is as
 * good as a variable of its own.
 */
export function exactMath(ring: Arithmetic) {
  const opaque = (name: keyof typeof tags, u: Residue): Residue => randomResidue(ring.seed, tags[name], u.hi, u.lo);
  /** f(−u) = −f(u) */
  const odd = (name: keyof typeof tags, u: Residue): Residue => {
    if (isZero(u)) return residueOf(0n);
    const [positive, isNegative] = upToSign(u);
    return isNegative ? negative(opaque(name, positive)) : opaque(name, positive);
  };
  /** e⁻ᵘ = 1/eᵘ, e⁰ = 1, e^(u + n·log s) = eᵘ·sⁿ */
  const exponential = (u: Residue, logarithms: Logarithms | undefined): Residue => {
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
    const known = opaque('exp', positive);
    return ring.product(factor, isNegative ? ring.inverse(known) : known);
  };
  const unary = (name: 'atan' | 'sqrt', residue: (u: Value) => Residue, slope: Slope): Unary => {
    return (argument) => {
      const u = ring.lift(argument);
      const y = residue(u);
      return ring.derived(Math[name](u.float), y, u, slope(u, y));
    };
  };
  const inverse = (u: Residue): Residue => ring.inverse(u);
  const square = (u: Residue): Residue => ring.product(u, u);
  /** log s, of s = u or 1 + u; remembered, so that exp finds s again. */
  const logarithm = (float: number, u: Value, s: Residue): Value => {
    const residue = areEqual(s, one) ? residueOf(0n) : opaque('log', s);
    const value = ring.derived(float, residue, u, inverse(s));
    value.logarithms = [{ of: { hi: s.hi, lo: s.lo }, log: residue, times: one }];
    return value;
  };
  /** tanh′ = 1 − tanh², tanh(−u) = −tanh u */
  const tanh = (float: number, u: Value): Value => {
    const y = odd('tanh', u);
    return ring.derived(float, y, u, difference(one, square(y)));
  };
  /** erf′ = 2/√π·e^(−u²), erf(−u) = −erf u */
  const erf = (float: number, u: Value, sign: 1 | -1): Value => {
    const slope = ring.product(ring.constants.twoOverRootPi(ring.seed), exponential(negative(square(u)), undefined));
    const y = odd('erf', u);
    if (sign === 1) return ring.derived(float, y, u, slope);
    return ring.derived(float, difference(one, y), u, negative(slope));
  };

  return {
    PI: ring.lift(Math.PI),
    SQRT2: ring.lift(Math.SQRT2),
    SQRT1_2: ring.lift(Math.SQRT1_2),

    // d eᵘ = eᵘ
    exp(argument: Scalar): Scalar {
      const u = ring.lift(argument);
      const y = exponential(u, u.logarithms);
      return ring.derived(Math.exp(u.float), y, u, y);
    },
    // expm1 u = eᵘ − 1
    expm1(argument: Scalar): Scalar {
      const u = ring.lift(argument);
      const y = exponential(u, u.logarithms);
      return ring.derived(Math.expm1(u.float), difference(y, one), u, y);
    },
    // d log u = 1/u
    log(argument: Scalar): Scalar {
      const u = ring.lift(argument);
      return logarithm(Math.log(u.float), u, u);
    },
    // log1p u = log(1 + u)
    log1p(argument: Scalar): Scalar {
      const u = ring.lift(argument);
      return logarithm(Math.log1p(u.float), u, sum(one, u));
    },
    tanh(argument: Scalar): Scalar {
      const u = ring.lift(argument);
      return tanh(Math.tanh(u.float), u);
    },
    // atan′ = 1/(1 + u²)
    atan: unary(
      'atan',
      (u) => odd('atan', u),
      (u) => inverse(sum(one, square(u))),
    ),
    // d √u = 1/(2√u); √0 = 0, √1 = 1
    sqrt: unary(
      'sqrt',
      (u) => (isZero(u) || areEqual(u, one) ? u : opaque('sqrt', u)),
      (u, y) => (u.node === constant ? one : inverse(sum(y, y))),
    ),
    // |u|′ = 1 above 0 and, from the right, at 0; −1 below
    abs(argument: Scalar): Scalar {
      if (typeof argument === 'number') return Math.abs(argument);
      ring.order(argument, ring.lift(0));
      return argument.float < 0 ? ring.negate(argument) : ring.copy(argument, Math.abs(argument.float));
    },
    max: (...values: Scalar[]): Scalar => values.reduce((a, b) => extreme(ring, Math.max, a, b)),
    min: (...values: Scalar[]): Scalar => values.reduce((a, b) => extreme(ring, Math.min, a, b)),
    imul: (a: Scalar, b: Scalar): Scalar => Math.imul(ring.plain(a), ring.plain(b)),
    floor: whole(ring, Math.floor),
    ceil: whole(ring, Math.ceil),
    trunc: whole(ring, Math.trunc),
    round: whole(ring, Math.round),
    pow: (a: Scalar, n: Scalar): Scalar => ring.power(a, n),

    /** Not of `Math`: what a program's own function of that name is taken for, its float being what it computes. */
    helpers: {
      tanh,
      erf: (float: number, u: Value): Value => erf(float, u, 1),
      // Φ u = ½(1 + erf(u/√2))
      normalCdf(float: number, u: Value): Value {
        const inner = ring.lift(ring.times(u, Math.SQRT1_2));
        const half = ring.lift(ring.times(ring.plus(1, erf(0, inner, 1)), 0.5));
        return ring.copy(half, float);
      },
      // erfc u = 1 − erf u
      erfc: (float: number, u: Value): Value => erf(float, u, -1),
      // softplus u = log(1 + eᵘ) = max(u, 0) + log(1 + e^−|u|), softplus′ = 1/(1 + e⁻ᵘ), without a kink at 0
      softplus(float: number, u: Value): Value {
        const isPositive = u.float > 0;
        const falling = ring.lift(isPositive ? ring.negate(u) : u);
        const decreasing = exponential(falling, falling.logarithms);
        const tail = logarithm(0, ring.make(0, decreasing), sum(one, decreasing));
        const slope = inverse(sum(one, isPositive ? decreasing : inverse(decreasing)));
        const value = ring.derived(float, isPositive ? sum(u, tail) : tail, u, slope);
        value.logarithms = addLogarithms(tail.logarithms, isPositive ? u.logarithms : undefined, 1);
        return value;
      },
    },
  };
}

type Slope = (u: Value, y: Residue) => Residue;

/** What keeps the random residues of different functions apart. */
const tags = { exp: 1, log: 2, tanh: 3, atan: 4, sqrt: 5, erf: 6 } as const;

/** u or −u, the same for both, and whether it is −u. */
function upToSign(u: Residue): readonly [Residue, boolean] {
  const other = negative(u);
  const isNegative = u.hi > other.hi || (u.hi === other.hi && u.lo > other.lo);
  return isNegative ? [other, true] : [u, false];
}

/** The larger or the smaller of two; at a tie the ring's rule says where the gradient goes. */
function extreme(ring: Arithmetic, choose: (a: number, b: number) => number, a: Scalar, b: Scalar): Scalar {
  if (typeof a === 'number' && typeof b === 'number') return choose(a, b);
  if (typeof a === 'number' && !Number.isFinite(a)) return choose(a, (b as Value).float) === a ? a : b;
  if (typeof b === 'number' && !Number.isFinite(b)) return choose(b, (a as Value).float) === b ? b : a;
  const [left, right] = [ring.lift(a), ring.lift(b)];
  const float = choose(left.float, right.float);
  if (!ring.order(left, right)) return left.float === float ? a : b;
  if (ring.ties === 'all') {
    const both = ring.make(float, left);
    ring.derivatives.sum(both, left, right);
    return both;
  }
  const isFlat = ring.ties === 'flat' && !ring.isVariable(b);
  return ring.copy(left, float, isFlat);
}

/** Whole parts are piecewise constant; only a number that depends on no variable has one here. */
function whole(ring: Arithmetic, round: (u: number) => number): Unary {
  return (u) => round(ring.plain(u));
}
