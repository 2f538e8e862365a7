/**
 * Arithmetic in the field of integers modulo the Mersenne prime p = 2^61 − 1.
 *
 * An element is hi·2^31 + lo with 0 ≤ hi < 2^30 and 0 ≤ lo < 2^31, never p itself: both halves are small integers to
 * V8, so nothing is boxed: a product takes about 20 ns, a quarter of BigInt's. Every operation writes its result `into` a
 * given object, so that none allocates.
 */
export interface Residue {
  readonly hi: number;
  readonly lo: number;
}

/** A residue that a result may be written into. It may be one of the operands. */
export interface MutableResidue {
  hi: number;
  lo: number;
}

/** p = 2^61 − 1. */
export const modulus = 2n ** 61n - 1n;

export const zero: Residue = { hi: 0, lo: 0 };
export const one: Residue = { hi: 0, lo: 1 };
export const minusOne: Residue = { hi: 0x3fffffff, lo: 0x7ffffffe };

const hiLimit = 2 ** 30;
const hiMask = 0x3fffffff;
const loMask = 0x7fffffff;

export function isZero(a: Residue): boolean {
  return a.hi === 0 && a.lo === 0;
}

export function areEqual(a: Residue, b: Residue): boolean {
  return a.hi === b.hi && a.lo === b.lo;
}

/** a + b */
export function addInto(into: MutableResidue, a: Residue, b: Residue): void {
  settle(into, a.hi + b.hi, a.lo + b.lo);
}

/** a − b, which is a + (p − b) */
export function subtractInto(into: MutableResidue, a: Residue, b: Residue): void {
  settle(into, a.hi + (hiMask - b.hi), a.lo + (loMask - b.lo));
}

/** −a = p − a */
export function negateInto(into: MutableResidue, a: Residue): void {
  settle(into, hiMask - a.hi, loMask - a.lo);
}

/**
 * a·b, by limbs of 21, 21 and 19 bits: no sum of partial products reaches 2^46, so all are exact in float64. What lies
 * above 2^61 comes back at the bottom, as 2^61 = 1 (and 2^63 = 4).
 */
export function multiplyInto(into: MutableResidue, a: Residue, b: Residue): void {
  const a0 = a.lo & 0x1fffff;
  const a1 = (a.lo >>> 21) | ((a.hi & 0x7ff) << 10);
  const a2 = a.hi >>> 11;
  const b0 = b.lo & 0x1fffff;
  const b1 = (b.lo >>> 21) | ((b.hi & 0x7ff) << 10);
  const b2 = b.hi >>> 11;
  const r0 = a0 * b0 + 4 * (a1 * b2 + a2 * b1);
  settleLimbs(into, r0, a0 * b1 + a1 * b0 + 4 * (a2 * b2), a0 * b2 + a1 * b1 + a2 * b0);
}

/** a·b + c, likewise: c has the room that sums of partial products leave. */
export function multiplyAddInto(into: MutableResidue, a: Residue, b: Residue, c: Residue): void {
  const a0 = a.lo & 0x1fffff;
  const a1 = (a.lo >>> 21) | ((a.hi & 0x7ff) << 10);
  const a2 = a.hi >>> 11;
  const b0 = b.lo & 0x1fffff;
  const b1 = (b.lo >>> 21) | ((b.hi & 0x7ff) << 10);
  const b2 = b.hi >>> 11;
  const r0 = (c.lo & 0x1fffff) + a0 * b0 + 4 * (a1 * b2 + a2 * b1);
  const r1 = ((c.lo >>> 21) | ((c.hi & 0x7ff) << 10)) + a0 * b1 + a1 * b0 + 4 * (a2 * b2);
  settleLimbs(into, r0, r1, (c.hi >>> 11) + a0 * b2 + a1 * b1 + a2 * b0);
}

/** a·b + c·d + e */
export function multiplyTwiceInto(
  into: MutableResidue,
  a: Residue,
  b: Residue,
  c: Residue,
  d: Residue,
  e: Residue,
): void {
  const [a0, a1, a2] = [a.lo & 0x1fffff, (a.lo >>> 21) | ((a.hi & 0x7ff) << 10), a.hi >>> 11];
  const [b0, b1, b2] = [b.lo & 0x1fffff, (b.lo >>> 21) | ((b.hi & 0x7ff) << 10), b.hi >>> 11];
  const [c0, c1, c2] = [c.lo & 0x1fffff, (c.lo >>> 21) | ((c.hi & 0x7ff) << 10), c.hi >>> 11];
  const [d0, d1, d2] = [d.lo & 0x1fffff, (d.lo >>> 21) | ((d.hi & 0x7ff) << 10), d.hi >>> 11];
  const [e0, e1, e2] = [e.lo & 0x1fffff, (e.lo >>> 21) | ((e.hi & 0x7ff) << 10), e.hi >>> 11];
  const r0 = e0 + a0 * b0 + c0 * d0 + 4 * (a1 * b2 + a2 * b1 + c1 * d2 + c2 * d1);
  const r1 = e1 + a0 * b1 + a1 * b0 + c0 * d1 + c1 * d0 + 4 * (a2 * b2 + c2 * d2);
  settleLimbs(into, r0, r1, e2 + a0 * b2 + a1 * b1 + a2 * b0 + c0 * d2 + c1 * d1 + c2 * d0);
}

/** r₀ + 2^21·r₁ + 2^42·r₂ brought below p; each of them below 2^49, as those of 64 products. */
export function settleLimbs(into: MutableResidue, r0: number, r1: number, r2: number): void {
  const carry0 = Math.floor(r0 * 2 ** -21);
  const full1 = r1 + carry0;
  const carry1 = Math.floor(full1 * 2 ** -21);
  const full2 = r2 + carry1;
  const carry2 = Math.floor(full2 * 2 ** -19);
  const low = (r0 - carry0 * 2 ** 21 + carry2) | 0;
  const middle = ((full1 - carry1 * 2 ** 21) | 0) + (low >>> 21);
  const high = (full2 - carry2 * 2 ** 19) | 0;
  settle(into, (middle >>> 10) + (high << 11), (low & 0x1fffff) | ((middle & 0x3ff) << 21));
}

/** hi·2^31 + lo for hi < 2^31 and lo < 2^32, brought below p. */
function settle(into: MutableResidue, hi: number, lo: number): void {
  let high = hi + (lo >>> 31);
  let low = lo & loMask;
  if (high >= hiLimit) {
    high -= hiLimit;
    low += 1;
    if (low > loMask) {
      low = 0;
      high += 1;
    }
  }
  if (high === hiMask && low === loMask) {
    high = 0;
    low = 0;
  }
  into.hi = high;
  into.lo = low;
}

/** 1/a = a^(p−2), where p − 2 = 4·(2^59 − 1) + 1. Throws a RangeError for 0. */
export function invertInto(into: MutableResidue, a: Residue): void {
  if (isZero(a)) throw new RangeError('division by zero');
  const base = { hi: a.hi, lo: a.lo };
  const result = allOnes(base, 59);
  multiplyInto(result, result, result);
  multiplyInto(result, result, result);
  multiplyInto(into, result, base);
}

/** a^(2^bits − 1): all bits of the exponent are one, so that squarings build on each other. */
function allOnes(a: Residue, bits: number): MutableResidue {
  if (bits === 1) return { hi: a.hi, lo: a.lo };
  const half = allOnes(a, bits >> 1);
  const result = { hi: half.hi, lo: half.lo };
  for (let n = 0; n < bits >> 1; n++) multiplyInto(result, result, result);
  multiplyInto(result, result, half);
  if (bits % 2 === 0) return result;
  multiplyInto(result, result, result);
  multiplyInto(result, result, a);
  return result;
}

/** aⁿ for an integer n; a RangeError for 0 to a negative power. */
export function power(a: Residue, n: number): Residue {
  const result = { hi: 0, lo: 1 };
  const square = { hi: a.hi, lo: a.lo };
  if (n < 0) invertInto(square, a);
  for (let rest = Math.abs(n); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) multiplyInto(result, result, square);
    multiplyInto(square, square, square);
  }
  return result;
}

export function sum(a: Residue, b: Residue): Residue {
  return made((into) => addInto(into, a, b));
}

export function difference(a: Residue, b: Residue): Residue {
  return made((into) => subtractInto(into, a, b));
}

export function product(a: Residue, b: Residue): Residue {
  return made((into) => multiplyInto(into, a, b));
}

/** a/b; a RangeError for b = 0. */
export function quotient(a: Residue, b: Residue): Residue {
  const inverse = made((into) => invertInto(into, b));
  return product(a, inverse);
}

export function negative(a: Residue): Residue {
  return made((into) => negateInto(into, a));
}

function made(compute: (into: MutableResidue) => void): Residue {
  const into = { hi: 0, lo: 0 };
  compute(into);
  return into;
}

/** The residue of an integer. */
export function residueOf(n: bigint): Residue {
  const reduced = ((n % modulus) + modulus) % modulus;
  return { hi: Number(reduced >> 31n), lo: Number(reduced & 0x7fffffffn) };
}

/** The residue of a safe integer. */
export function integerInto(into: MutableResidue, n: number): void {
  const size = Math.abs(n);
  settle(into, Math.floor(size / 0x80000000), size % 0x80000000);
  if (n < 0) negateInto(into, into);
}

/** A text that two residues share only if they are equal. */
export function keyOf({ hi, lo }: Residue): string {
  return `${hi}:${lo}`;
}
