/** Bits behind the point of the numbers below, which are integers that count units of 2^−256. */
const bits = 256;
const one = 1n << BigInt(bits);

const view = new DataView(new ArrayBuffer(8));

/** The double that lies so many steps above, or below, a positive one. */
export function neighbour(x: number, steps: number): number {
  view.setFloat64(0, x);
  view.setBigUint64(0, view.getBigUint64(0) + BigInt(steps));
  return view.getFloat64(0);
}

/** n, where 2ⁿ ≤ |x| < 2ⁿ⁺¹; x is no subnormal number. */
export function exponentOf(x: number): number {
  view.setFloat64(0, Math.abs(x));
  return Number(view.getBigUint64(0) >> 52n) - 1023;
}

/** A double without rounding; it must not be smaller than 2^−200. */
function fixed(x: number): bigint {
  const exponent = exponentOf(x) - 52;
  const digits = BigInt(x / 2 ** exponent);
  return digits << BigInt(bits + exponent);
}

/** e⁻ʸ for y ≥ 0: the series at y/2⁸, squared eight times. */
function decreasing(y: bigint): bigint {
  let sum = one;
  let term = one;
  for (let n = 1n; term !== 0n; n++) {
    term = -(term * y) / (n << BigInt(bits + 8));
    sum += term;
  }
  for (let n = 0; n < 8; n++) sum = (sum * sum) >> BigInt(bits);
  return sum;
}

/** tanh x = (1 − e⁻²ˣ)/(1 + e⁻²ˣ) for x > 0. */
function exactTanh(x: number): bigint {
  const e = decreasing(2n * fixed(x));
  return ((one - e) << BigInt(bits)) / (one + e);
}

/** How far a number is from tanh x, x ≥ 0, in units of the last place that doubles have there. */
export function errorInUnits(found: number, x: number): number {
  if (x === 0) return found === 0 ? 0 : Number.POSITIVE_INFINITY;
  const exact = exactTanh(x);
  const unit = 1n << BigInt(exact.toString(2).length - 53);
  const difference = fixed(found) - exact;
  return Number(((difference < 0n ? -difference : difference) << 20n) / unit) / 2 ** 20;
}
