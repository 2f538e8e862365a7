/** The series and the fraction meet here: below, 1 − erf loses no more than three bits. */
const crossover = 1;

/** Terms of the continued fraction that are enough for float64 at the crossover, where it converges slowest. */
const fractionTerms = 300;

/**
 * The complementary error function 1 − erf(x), to about 1e-15 relative for moderate x.
 *
 * Near 0 it is read off the series of `erf`; above, off Laplace's continued fraction (Abramowitz & Stegun 7.1.14), so
 * that the tail keeps its relative accuracy.
 */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  if (x >= crossover) return (Math.exp(-x * x) / Math.sqrt(Math.PI)) * tailFraction(x);
  return 1 - erfSeries(x);
}

/** The error function (2/√π) ∫₀ˣ exp(−t²) dt, to about 1e-16. */
export function erf(x: number): number {
  return Math.abs(x) < crossover ? erfSeries(x) : 1 - erfc(x);
}

/**
 * erf(x) = (2/√π)·exp(−x²)·Σₙ 2ⁿ·x²ⁿ⁺¹ / (1·3·5···(2n+1)), Abramowitz & Stegun 7.1.6.
 *
 * Every term has the sign of x, so nothing cancels (the Maclaurin series alternates).
 */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  // A comparison that is false for NaN, so that the loop ends there too.
  for (let n = 1; Math.abs(term) > Number.EPSILON * 2 ** -8 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** 1/(x + ½/(x + 1/(x + 3⁄2/(x + 2/(x + …))))), evaluated from the inside out. */
function tailFraction(x: number): number {
  let denominator = x;
  for (let k = fractionTerms; k >= 1; k--) denominator = x + k / 2 / denominator;
  return 1 / denominator;
}
