/**
 * One lane of 32 bits: a plain number is its bits, as a signed integer, whether it is read as i32 or as f32; anything
 * else is a number of the network, whose bits nobody knows.
 */
export type Lane<T> = number | T;

/**
 * What the code that a module is turned into calls: arithmetic on lanes, and its memory. `place` numbers the outcomes of
 * a comparison, `site` the instruction that reads or writes.
 */
export interface Lanes<T> {
  add(a: Lane<T>, b: Lane<T>): Lane<T>;
  sub(a: Lane<T>, b: Lane<T>): Lane<T>;
  mul(a: Lane<T>, b: Lane<T>): Lane<T>;
  div(a: Lane<T>, b: Lane<T>): Lane<T>;
  /** a·b + c, in one rounding or in two. */
  multiplyAdd(a: Lane<T>, b: Lane<T>, c: Lane<T>): Lane<T>;
  /** c + a·b, in two roundings. */
  addProduct(a: Lane<T>, b: Lane<T>, c: Lane<T>): Lane<T>;
  /** c − a·b */
  multiplySubtract(a: Lane<T>, b: Lane<T>, c: Lane<T>): Lane<T>;
  abs(a: Lane<T>): Lane<T>;
  neg(a: Lane<T>): Lane<T>;
  sqrt(a: Lane<T>): Lane<T>;
  ceil(a: Lane<T>): Lane<T>;
  floor(a: Lane<T>): Lane<T>;
  trunc(a: Lane<T>): Lane<T>;
  nearest(a: Lane<T>): Lane<T>;
  min(a: Lane<T>, b: Lane<T>, place: number): Lane<T>;
  max(a: Lane<T>, b: Lane<T>, place: number): Lane<T>;
  /** b < a ? b : a */
  pmin(a: Lane<T>, b: Lane<T>, place: number): Lane<T>;
  /** a < b ? b : a */
  pmax(a: Lane<T>, b: Lane<T>, place: number): Lane<T>;
  eq(a: Lane<T>, b: Lane<T>, place: number): boolean;
  ne(a: Lane<T>, b: Lane<T>, place: number): boolean;
  lt(a: Lane<T>, b: Lane<T>, place: number): boolean;
  gt(a: Lane<T>, b: Lane<T>, place: number): boolean;
  le(a: Lane<T>, b: Lane<T>, place: number): boolean;
  ge(a: Lane<T>, b: Lane<T>, place: number): boolean;
  and(a: Lane<T>, b: Lane<T>): Lane<T>;
  /** a and not b */
  andnot(a: Lane<T>, b: Lane<T>): Lane<T>;
  or(a: Lane<T>, b: Lane<T>): Lane<T>;
  xor(a: Lane<T>, b: Lane<T>): Lane<T>;
  /** The bits of a where the mask's are 1, those of b elsewhere. */
  bitselect(a: Lane<T>, b: Lane<T>, mask: Lane<T>, place: number): Lane<T>;
  convert_s(a: Lane<T>): Lane<T>;
  convert_u(a: Lane<T>): Lane<T>;
  truncate_s(a: Lane<T>): Lane<T>;
  truncate_u(a: Lane<T>): Lane<T>;
  // Numbers of f64 are themselves, not their bits.
  add64(a: Lane<T>, b: Lane<T>): Lane<T>;
  sub64(a: Lane<T>, b: Lane<T>): Lane<T>;
  mul64(a: Lane<T>, b: Lane<T>): Lane<T>;
  div64(a: Lane<T>, b: Lane<T>): Lane<T>;
  promote(a: Lane<T>): Lane<T>;
  demote(a: Lane<T>): Lane<T>;
  quotient(a: number, b: number): number;
  remainder(a: number, b: number): number;
  /** A function of the generator's own, by its name. */
  helper(name: string, a: Lane<T>): Lane<T>;
  load(site: number, address: number): Lane<T>;
  store(site: number, address: number, value: Lane<T>): void;
  fill(site: number, address: number, value: number, bytes: number): void;
  copy(site: number, to: number, from: number, bytes: number): void;
  /** Told which function runs. */
  enter(position: number): void;
  unreachable(): never;
}
