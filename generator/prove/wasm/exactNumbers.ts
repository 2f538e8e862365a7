import type { Ring } from '../ring.ts';
import { floatOf, type Scalar, type Value } from '../value.ts';
import { bitsOf, floatFromBits } from './bits.ts';
import { unknown } from './exactMemory.ts';
import type { Lane } from './lanes.ts';

type L = Lane<Value>;

/** Lanes that nothing uses may divide 0 by 0; where such a result is used, the ring refuses it. */
const notANumber = 0x7fc00000;
export const signBit = -0x80000000;
export const otherBits = 0x7fffffff;

/** Arithmetic on lanes that hold numbers of a ring. */
export abstract class ExactNumbers {
  protected readonly ring: Ring;
  readonly #literals = new Map<number, Scalar>();

  constructor(ring: Ring) {
    this.ring = ring;
  }

  /** The number that a lane holds. */
  scalar(a: L): Scalar {
    if (typeof a !== 'number') return a;
    if (a === 0 || a === signBit) return 0;
    const known = this.#literals.get(a);
    if (known !== undefined) return known;
    const float = floatFromBits(a);
    const scalar = Number.isFinite(float) ? this.ring.liftFloat32(float) : float;
    this.#literals.set(a, scalar);
    return scalar;
  }

  /** A number as a lane. */
  lane(scalar: Scalar): L {
    if (typeof scalar !== 'number') return scalar;
    if (scalar === 0) return 0;
    return Number.isFinite(scalar) ? this.ring.lift(scalar) : bitsOf(scalar);
  }

  add(a: L, b: L): L {
    if (typeof a !== 'number' && typeof b !== 'number') return this.ring.plus(a, b) as L;
    if (a === 0) return b;
    if (b === 0) return a;
    const [left, right] = [this.scalar(a), this.scalar(b)];
    if (isEndless(left, right)) return endless(a, b, floatOf(left) + floatOf(right));
    return this.lane(this.ring.plus(left, right));
  }

  sub(a: L, b: L): L {
    if (typeof a !== 'number' && typeof b !== 'number') return this.ring.subtract(a, b) as L;
    if (b === 0) return a;
    const [left, right] = [this.scalar(a), this.scalar(b)];
    if (isEndless(left, right)) return endless(a, b, floatOf(left) - floatOf(right));
    return this.lane(this.ring.subtract(left, right));
  }

  mul(a: L, b: L): L {
    if (typeof a !== 'number' && typeof b !== 'number') return this.ring.times(a, b) as L;
    const [left, right] = [this.scalar(a), this.scalar(b)];
    if (isEndless(left, right)) return endless(a, b, floatOf(left) * floatOf(right));
    return left === 0 || right === 0 ? 0 : this.lane(this.ring.times(left, right));
  }

  div(a: L, b: L): L {
    const [left, right] = [this.scalar(a), this.scalar(b)];
    if (right === 0 || isEndless(left, right)) return endless(a, b, floatOf(left) / floatOf(right));
    return this.lane(this.ring.divide(this.ring.lift(left), this.ring.lift(right)));
  }

  multiplyAdd(a: L, b: L, c: L): L {
    if (typeof a !== 'number' && typeof b !== 'number' && typeof c !== 'number') {
      return this.ring.plusProduct(c, a, b) as L;
    }
    return this.add(c, this.mul(a, b));
  }

  addProduct(a: L, b: L, c: L): L {
    return this.multiplyAdd(a, b, c);
  }

  multiplySubtract(a: L, b: L, c: L): L {
    return this.sub(c, this.mul(a, b));
  }

  abs(a: L): L {
    return typeof a === 'number' ? a & otherBits : this.lane(this.ring.Math.abs(a));
  }

  neg(a: L): L {
    return typeof a === 'number' ? a ^ signBit : this.lane(this.ring.negate(a));
  }

  sqrt(a: L): L {
    const u = this.scalar(a);
    // A lane that nothing uses: what divides by the root of 0 there is no number, and no reason to give up the point.
    if (u === 0) return 0;
    return isEndless(u, 0) ? endless(a, 0, Math.sqrt(floatOf(u))) : this.lane(this.ring.Math.sqrt(u));
  }

  ceil(a: L): L {
    return this.#whole(a, Math.ceil);
  }

  floor(a: L): L {
    return this.#whole(a, Math.floor);
  }

  trunc(a: L): L {
    return this.#whole(a, Math.trunc);
  }

  nearest(a: L): L {
    return this.#whole(a, (u) => {
      const low = Math.floor(u);
      const isUp = u - low > 0.5 || (u - low === 0.5 && low % 2 !== 0);
      return isUp ? low + 1 : low;
    });
  }

  /** A float that depends on no variable. */
  protected constant(a: L): number {
    return this.ring.plain(floatOf(this.ring.plain(this.scalar(a))));
  }

  #whole(a: L, round: (u: number) => number): L {
    return this.lane(round(this.constant(a)));
  }
}

/** Whether one of two numbers is ±∞ or none. */
export function isEndless(a: Scalar, b: Scalar): boolean {
  return (typeof a === 'number' && !Number.isFinite(a)) || (typeof b === 'number' && !Number.isFinite(b));
}

/** Whether a lane is, up to its sign, what nothing is known of. */
export function isUnknown(lane: L): boolean {
  return typeof lane === 'number' && (lane & otherBits) === unknown;
}

/** What is computed from ±∞ or no number, or from what nothing is known of. */
export function endless(a: L, b: L, float: number): L {
  if (isUnknown(a) || isUnknown(b)) return unknown;
  return Number.isNaN(float) ? notANumber : bitsOf(float);
}
