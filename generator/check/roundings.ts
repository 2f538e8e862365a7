/**
 * Where the function is asked for: near enough for it to be a parabola but for its roundings, and no two as far apart as two
 * others, as roundings of a line at even distances may be all the same.
 */
const places = Array.from({ length: 12 }, (_, n) => 2 ** -24 * n ** 1.5);

/** The median size of a normal variable, as a share of its standard deviation. */
const medianSize = 0.6745;

/**
 * How much rounding moves a function, as a standard deviation: what is left of values close to each other when differences
 * of the third order have taken a parabola away (Moré and Wild, "Estimating computational noise", 2011). The median of
 * them counts: a kink between two places touches three of nine.
 *
 * A probability of 1 − 1e-7, of which a loss takes log(1 − p), has lost seven of its digits before: differences of such a
 * loss may agree with each other by chance, and say nothing.
 *
 * @param f the function along a line, at 0 where it is asked for
 */
export function roundingsOf(f: (at: number) => number): number {
  const values = places.map(f);
  const sizes = values.slice(3).map((_, n) => sizeOfThird(places.slice(n, n + 4), values.slice(n, n + 4)));
  sizes.sort((a, b) => a - b);
  return sizes[sizes.length >> 1]! / medianSize || 0;
}

/** The divided difference of four values, in units of what independent errors of size 1 make of it. */
function sizeOfThird(at: readonly number[], values: readonly number[]): number {
  const weights = at.map((one, n) =>
    at.reduce((product, other, m) => (m === n ? product : product / (one - other)), 1),
  );
  const difference = weights.reduce((sum, weight, n) => sum + weight * values[n]!, 0);
  return Math.abs(difference) / Math.hypot(...weights);
}
