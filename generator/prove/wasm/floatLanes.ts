import { Refusal } from '../refusal.ts';
import { bitsOf, floatFromBits } from './bits.ts';
import type { Lanes } from './lanes.ts';

/** Not a number, as its bits. */
const nan = 0x7fc00000;
const signBit = -0x80000000;
const { fround } = Math;

/** Lanes in float32, bit for bit as an engine computes them: they show that a module was read as engines read it. */
export class FloatLanes implements Lanes<never> {
  readonly #words: Int32Array;
  readonly #fuses: boolean;

  /** @param fuses whether a multiply-add rounds once */
  constructor(words: Int32Array, fuses: boolean) {
    this.#words = words;
    this.#fuses = fuses;
  }

  // A sum, product, quotient or root in float64 rounds to float32 as the exact one does.

  add(a: number, b: number): number {
    return bitsOf(floatFromBits(a) + floatFromBits(b));
  }

  sub(a: number, b: number): number {
    return bitsOf(floatFromBits(a) - floatFromBits(b));
  }

  mul(a: number, b: number): number {
    return bitsOf(floatFromBits(a) * floatFromBits(b));
  }

  div(a: number, b: number): number {
    return bitsOf(floatFromBits(a) / floatFromBits(b));
  }

  multiplyAdd(a: number, b: number, c: number): number {
    return this.#fuses ? fused(floatFromBits(a) * floatFromBits(b), floatFromBits(c)) : this.add(this.mul(a, b), c);
  }

  addProduct(a: number, b: number, c: number): number {
    return this.add(c, this.mul(a, b));
  }

  multiplySubtract(a: number, b: number, c: number): number {
    return this.multiplyAdd(this.neg(a), b, c);
  }

  abs(a: number): number {
    return a & 0x7fffffff;
  }

  neg(a: number): number {
    return a ^ signBit;
  }

  sqrt(a: number): number {
    return bitsOf(Math.sqrt(floatFromBits(a)));
  }

  ceil(a: number): number {
    return bitsOf(Math.ceil(floatFromBits(a)));
  }

  floor(a: number): number {
    return bitsOf(Math.floor(floatFromBits(a)));
  }

  trunc(a: number): number {
    return bitsOf(Math.trunc(floatFromBits(a)));
  }

  /** To the even of two neighbours. */
  nearest(a: number): number {
    const u = floatFromBits(a);
    const low = Math.floor(u);
    const rounded = u - low > 0.5 || (u - low === 0.5 && low % 2 !== 0) ? low + 1 : low;
    return bitsOf(Number.isFinite(u) ? (rounded === 0 && (u < 0 || Object.is(u, -0)) ? -0 : rounded) : u);
  }

  min(a: number, b: number): number {
    return this.#isNaN(a, b) ? nan : bitsOf(Math.min(floatFromBits(a), floatFromBits(b)));
  }

  max(a: number, b: number): number {
    return this.#isNaN(a, b) ? nan : bitsOf(Math.max(floatFromBits(a), floatFromBits(b)));
  }

  pmin(a: number, b: number): number {
    return floatFromBits(b) < floatFromBits(a) ? b : a;
  }

  pmax(a: number, b: number): number {
    return floatFromBits(a) < floatFromBits(b) ? b : a;
  }

  eq(a: number, b: number): boolean {
    return floatFromBits(a) === floatFromBits(b);
  }

  ne(a: number, b: number): boolean {
    return floatFromBits(a) !== floatFromBits(b);
  }

  lt(a: number, b: number): boolean {
    return floatFromBits(a) < floatFromBits(b);
  }

  gt(a: number, b: number): boolean {
    return floatFromBits(a) > floatFromBits(b);
  }

  le(a: number, b: number): boolean {
    return floatFromBits(a) <= floatFromBits(b);
  }

  ge(a: number, b: number): boolean {
    return floatFromBits(a) >= floatFromBits(b);
  }

  and(a: number, b: number): number {
    return a & b;
  }

  andnot(a: number, b: number): number {
    return a & ~b;
  }

  or(a: number, b: number): number {
    return a | b;
  }

  xor(a: number, b: number): number {
    return a ^ b;
  }

  bitselect(a: number, b: number, mask: number): number {
    return (a & mask) | (b & ~mask);
  }

  convert_s(a: number): number {
    return bitsOf(fround(a | 0));
  }

  convert_u(a: number): number {
    return bitsOf(fround(a >>> 0));
  }

  truncate_s(a: number): number {
    return Math.max(-0x80000000, Math.min(0x7fffffff, Math.trunc(floatFromBits(a)) || 0)) | 0;
  }

  truncate_u(a: number): number {
    return Math.max(0, Math.min(0xffffffff, Math.trunc(floatFromBits(a)) || 0)) | 0;
  }

  add64(a: number, b: number): number {
    return a + b;
  }

  sub64(a: number, b: number): number {
    return a - b;
  }

  mul64(a: number, b: number): number {
    return a * b;
  }

  div64(a: number, b: number): number {
    return a / b;
  }

  promote(a: number): number {
    return floatFromBits(a);
  }

  demote(a: number): number {
    return bitsOf(a);
  }

  quotient(a: number, b: number): number {
    return Math.trunc(a / b) | 0;
  }

  remainder(a: number, b: number): number {
    return (a % b) | 0;
  }

  helper(name: string): number {
    throw new Refusal(`found the helper ${name} where every function is followed`);
  }

  load(_site: number, address: number): number {
    return this.#words[this.#word(address)]!;
  }

  store(_site: number, address: number, value: number): void {
    this.#words[this.#word(address)] = value;
  }

  fill(_site: number, address: number, value: number, bytes: number): void {
    new Uint8Array(this.#words.buffer).fill(value, address >>> 0, (address >>> 0) + bytes);
  }

  copy(_site: number, to: number, from: number, bytes: number): void {
    new Uint8Array(this.#words.buffer).copyWithin(to, from, from + bytes);
  }

  enter(): void {}

  unreachable(): never {
    throw new Refusal('reaches an instruction that stops the program');
  }

  #isNaN(a: number, b: number): boolean {
    return Number.isNaN(floatFromBits(a)) || Number.isNaN(floatFromBits(b));
  }

  #word(address: number): number {
    const word = address / 4;
    if (Number.isInteger(word) && word < this.#words.length) return word;
    throw new Refusal(`touches byte ${address} of ${this.#words.byteLength}`);
  }
}

/**
 * p + c in one rounding to float32, of an exact product p. The sum in float64 may lie halfway between two float32s; then
 * what its own rounding lost says which of them is nearer.
 */
function fused(p: number, c: number): number {
  const sum = p + c;
  const near = fround(sum);
  const other = near + 2 * (sum - near);
  if (near === sum || fround(other) !== other) return bitsOf(near);
  const big = Math.abs(p) > Math.abs(c) ? p : c;
  const lost = (big === p ? c : p) - (sum - big);
  const isOther = lost !== 0 && lost > 0 === other > near;
  return bitsOf(isOther ? other : near);
}
