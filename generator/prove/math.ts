import type { Arithmetic } from './arithmetic.ts';
import { one, sum } from './field.ts';
import { OpaqueFunctions } from './opaque.ts';
import type { Scalar, Value } from './value.ts';

type Unary = (u: Scalar) => Scalar;

/** `Math` as a translated program sees it; what is not here cannot be proved. */
export type ExactMath = ReturnType<typeof exactMath>;

/** A function whose text is not followed: the ring knows what it computes. */
export type OpaqueName = 'tanh' | 'erf' | 'normalCdf' | 'erfc' | 'softplus';

/** The functions of `Math` on exact numbers. */
export function exactMath(ring: Arithmetic) {
  const opaque = new OpaqueFunctions(ring);
  const on = (f: (u: Value) => Value): Unary => {
    return (argument) => f(ring.lift(argument));
  };
  const helpers: Readonly<Record<OpaqueName, (float: number, u: Value) => Value>> = opaque;
  return {
    PI: ring.lift(Math.PI),
    SQRT2: ring.lift(Math.SQRT2),
    SQRT1_2: ring.lift(Math.SQRT1_2),

    exp: on((u) => opaque.exp(Math.exp(u.float), u)),
    expm1: on((u) => opaque.expm1(Math.expm1(u.float), u)),
    log: on((u) => opaque.log(Math.log(u.float), u, u)),
    log1p: on((u) => opaque.log(Math.log1p(u.float), u, sum(one, u))),
    tanh: on((u) => opaque.tanh(Math.tanh(u.float), u)),
    atan: on((u) => opaque.atan(Math.atan(u.float), u)),
    sqrt: on((u) => opaque.sqrt(Math.sqrt(u.float), u)),
    abs: absolute(ring),
    max: (...values: Scalar[]): Scalar => values.reduce((a, b) => extreme(ring, Math.max, a, b)),
    min: (...values: Scalar[]): Scalar => values.reduce((a, b) => extreme(ring, Math.min, a, b)),
    imul: (a: Scalar, b: Scalar): Scalar => Math.imul(ring.plain(a), ring.plain(b)),
    floor: whole(ring, Math.floor),
    ceil: whole(ring, Math.ceil),
    trunc: whole(ring, Math.trunc),
    round: whole(ring, Math.round),
    pow: (a: Scalar, n: Scalar): Scalar => ring.power(a, n),

    /** Not of `Math`: what a program's own function of that name is taken for, its float being what it computes. */
    helpers,
  };
}

/** |u|′ = 1 above 0 and, from the right, at 0; −1 below */
function absolute(ring: Arithmetic): Unary {
  return (u) => {
    if (typeof u === 'number') return Math.abs(u);
    ring.order(u, ring.lift(0));
    return u.float < 0 ? ring.negate(u) : ring.copy(u, Math.abs(u.float));
  };
}

/** The larger or the smaller of two; at a tie the ring's rule says where the gradient goes. */
function extreme(ring: Arithmetic, choose: (a: number, b: number) => number, a: Scalar, b: Scalar): Scalar {
  const [plainA, plainB] = [plainOf(a), plainOf(b)];
  if (plainA !== undefined && plainB !== undefined) return choose(plainA, plainB);
  if (typeof a === 'number' && !Number.isFinite(a)) return choose(a, ring.lift(b).float) === a ? a : b;
  if (typeof b === 'number' && !Number.isFinite(b)) return choose(b, ring.lift(a).float) === b ? b : a;
  const [left, right] = [ring.lift(a), ring.lift(b)];
  const float = choose(left.float, right.float);
  if (!ring.order(left, right)) return computed(ring, left.float === float ? a : b);
  if (ring.ties === 'all') {
    const both = ring.make(float, left);
    ring.derivatives.sum(both, left, right);
    return both;
  }
  const isFlat = ring.ties === 'flat' && !ring.isVariable(b);
  return ring.copy(left, float, isFlat);
}

/** A plain number, or the integer that a literal is. */
function plainOf(scalar: Scalar): number | undefined {
  if (typeof scalar === 'number') return scalar;
  return scalar.isWritten && Number.isSafeInteger(scalar.float) ? scalar.float : undefined;
}

/** What was chosen: of a literal its number, which is no limit to whoever compares with that. */
function computed(ring: Arithmetic, chosen: Scalar): Scalar {
  return typeof chosen !== 'number' && chosen.isWritten ? ring.make(chosen.float, chosen) : chosen;
}

/** Whole parts are piecewise constant; only a number that depends on no variable has one here. */
function whole(ring: Arithmetic, round: (u: number) => number): Unary {
  return (u) => round(ring.plain(u));
}
