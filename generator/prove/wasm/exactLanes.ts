import { areEqual } from '../field.ts';
import { Refusal } from '../refusal.ts';
import type { Ring } from '../ring.ts';
import type { Scalar, Value } from '../value.ts';
import { exactHelpers } from './exactHelpers.ts';
import { type ExactMemory, unknown } from './exactMemory.ts';
import { ExactNumbers, endless, isEndless, isUnknown, otherBits, signBit } from './exactNumbers.ts';
import type { Lane, Lanes } from './lanes.ts';

type L = Lane<Value>;

/** Lanes that hold numbers of a ring; addresses, counters and masks are bits. */
export class ExactLanes extends ExactNumbers implements Lanes<Value> {
  readonly #memory: ExactMemory;

  constructor(ring: Ring, memory: ExactMemory) {
    super(ring);
    this.#memory = memory;
  }

  min(a: L, b: L, place: number): L {
    if (isUnknown(a) || isUnknown(b)) return unknown;
    return this.#ask(place, a, b, () => this.#isLess(b, a), true) ? b : a;
  }

  max(a: L, b: L, place: number): L {
    if (isUnknown(a) || isUnknown(b)) return unknown;
    return this.#ask(place, a, b, () => this.#isLess(a, b), true) ? b : a;
  }

  pmin(a: L, b: L, place: number): L {
    return this.min(a, b, place);
  }

  pmax(a: L, b: L, place: number): L {
    return this.max(a, b, place);
  }

  eq(a: L, b: L, place: number): boolean {
    return this.#ask(place, a, b, () => this.ring.same(this.scalar(a), this.scalar(b)));
  }

  ne(a: L, b: L, place: number): boolean {
    // NaN alone differs from itself, which no number of a proof is: it is no way that a program may go.
    if (a === b && typeof a !== 'number') return false;
    return this.#ask(place, a, b, () => !this.ring.same(this.scalar(a), this.scalar(b)));
  }

  lt(a: L, b: L, place: number): boolean {
    return this.#ask(place, a, b, () => this.#isLess(a, b));
  }

  gt(a: L, b: L, place: number): boolean {
    return this.#ask(place, a, b, () => this.#isLess(b, a));
  }

  le(a: L, b: L, place: number): boolean {
    return this.#ask(place, a, b, () => this.ring.atMost(this.scalar(a), this.scalar(b)));
  }

  ge(a: L, b: L, place: number): boolean {
    return this.#ask(place, a, b, () => this.ring.atMost(this.scalar(b), this.scalar(a)));
  }

  /** A mask keeps all of a number or nothing; all but the sign bit is the number's size. */
  and(a: L, b: L): L {
    if (typeof a === 'number' && typeof b === 'number') return a & b;
    const [mask, value] = typeof a === 'number' ? [a, b] : [b, a];
    if (mask === 0) return 0;
    if (mask === -1) return value;
    if (mask === otherBits) return this.abs(value);
    return this.#same(a, b, 'and');
  }

  andnot(a: L, b: L): L {
    if (typeof b === 'number') return this.and(a, ~b);
    return a === 0 ? 0 : this.#cut('andnot');
  }

  or(a: L, b: L): L {
    if (typeof a === 'number' && typeof b === 'number') return a | b;
    if (a === 0) return b;
    return b === 0 ? a : this.#same(a, b, 'or');
  }

  xor(a: L, b: L): L {
    if (typeof a === 'number' && typeof b === 'number') return a ^ b;
    const [mask, value] = typeof a === 'number' ? [a, b] : [b, a];
    if (mask === 0) return value;
    return mask === signBit ? this.neg(value) : this.#cut('xor');
  }

  bitselect(a: L, b: L, mask: L, place: number): L {
    if (mask === -1) return a;
    if (mask === 0) return b;
    if (typeof mask !== 'number') return this.#cut('bitselect');
    if (typeof a === 'number' && typeof b === 'number') return (a & mask) | (b & ~mask);
    if (mask === otherBits) return this.#withSign(a, b, place);
    return mask === signBit ? this.#withSign(b, a, place) : this.#cut('bitselect');
  }

  convert_s(a: L): L {
    return this.lane(this.#integer(a) | 0);
  }

  convert_u(a: L): L {
    return this.lane(this.#integer(a) >>> 0);
  }

  truncate_s(a: L): L {
    return Math.max(-0x80000000, Math.min(0x7fffffff, Math.trunc(this.constant(a)) || 0));
  }

  truncate_u(a: L): L {
    return Math.max(0, Math.min(0xffffffff, Math.trunc(this.constant(a)) || 0)) | 0;
  }

  add64(a: Scalar, b: Scalar): Scalar {
    return this.ring.plus(a, b);
  }

  sub64(a: Scalar, b: Scalar): Scalar {
    return this.ring.subtract(a, b);
  }

  mul64(a: Scalar, b: Scalar): Scalar {
    return this.ring.times(a, b);
  }

  div64(a: Scalar, b: Scalar): Scalar {
    return this.ring.divide(a, b);
  }

  promote(a: L): Scalar {
    return this.scalar(a);
  }

  demote(a: Scalar): L {
    return this.lane(a);
  }

  quotient(a: number, b: number): number {
    if (b === 0) throw new Refusal('divides an integer by 0');
    return Math.trunc(a / b) | 0;
  }

  remainder(a: number, b: number): number {
    if (b === 0) throw new Refusal('divides an integer by 0');
    return (a % b) | 0;
  }

  helper(name: string, a: L): L {
    const compute = (exactHelpers as Readonly<Record<string, ((ring: Ring, u: Scalar) => Scalar) | undefined>>)[name];
    if (compute === undefined)
      throw new Refusal(`found the helper \`${name}\`, of which exact arithmetic knows nothing`);
    const u = this.scalar(a);
    // A lane that nothing uses, as with √0: its logarithm is no number.
    const isLogOfZero = name === 'log' && u === 0;
    return isLogOfZero || isEndless(u, 0) ? endless(a, 0, Number.NaN) : this.lane(compute(this.ring, u));
  }

  load(site: number, address: number): L {
    return this.#memory.load(site, address);
  }

  store(site: number, address: number, value: L): void {
    this.#memory.store(site, address, value);
  }

  fill(site: number, address: number, value: number, bytes: number): void {
    this.#memory.fill(site, address, value, bytes);
  }

  copy(site: number, to: number, from: number, bytes: number): void {
    this.#memory.copy(site, to, from, bytes);
  }

  enter(position: number): void {
    this.ring.visited[position] = 1;
  }

  unreachable(): never {
    throw new Refusal('reaches an instruction that stops the program');
  }

  #isLess(a: L, b: L): boolean {
    return this.ring.less(this.scalar(a), this.scalar(b));
  }

  /** Compares, and notes the outcome; behind the two outcomes and ties stands whether this was about the network. */
  #ask(place: number, a: L, b: L, compare: () => boolean, isSecond = false): boolean {
    const ring = this.ring;
    ring.line = place;
    if (isUnknown(a) || isUnknown(b)) throw new Refusal('compares what was dropped in a border');
    if (typeof a === 'number' && typeof b === 'number') return compare();
    ring.visited[place + 3] = 1;
    const answer = compare();
    ring.test(answer !== isSecond, place);
    return answer;
  }

  #withSign(size: L, sign: L, place: number): L {
    const isNegative = typeof sign === 'number' ? sign < 0 : !this.#ask(place, sign, 0, () => !this.ring.less(sign, 0));
    const positive = this.abs(size);
    return isNegative ? this.neg(positive) : positive;
  }

  /** x and x, x or x */
  #same(a: L, b: L, name: string): L {
    if (typeof a === 'number' || typeof b === 'number') return this.#cut(name);
    const [isExact, isNear] = [areEqual(a, b), a.float === b.float];
    if (!isExact && !isNear) return this.#cut(name);
    if (!isExact || !isNear) this.ring.undecided ??= 'rounding feigns or hides a tie';
    return a;
  }

  #cut(name: string): never {
    throw new Refusal(`takes bits out of a number of the network, in v128.${name}`);
  }

  #integer(a: L): number {
    if (typeof a === 'number') return a;
    throw new Refusal('takes the bits of a number of the network for an integer');
  }
}
