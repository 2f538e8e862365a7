import type { FunctionName } from '../../equations/functionName.ts';

/** The numbers of selu (Klambauer et al. 2017). */
export const seluScale = 1.0507009873554805;
export const seluAlpha = 1.6732632423543772;

/** What the functions of equations are, in plain numbers. */
export const functions: { readonly [K in FunctionName]: (u: number) => number } = {
  square: (u) => u * u,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  abs: Math.abs,
  sqrt: Math.sqrt,
  relu: (u) => Math.max(u, 0),
  relu6: (u) => Math.min(Math.max(u, 0), 6),
  elu: (u) => (u > 0 ? u : Math.expm1(u)),
  selu: (u) => seluScale * (u > 0 ? u : seluAlpha * Math.expm1(u)),
  sigmoid: (u) => 1 / (1 + Math.exp(-u)),
  tanh: Math.tanh,
  atan: Math.atan,
  softplus: (u) => Math.max(u, 0) + Math.log1p(Math.exp(-Math.abs(u))),
  softsign: (u) => u / (1 + Math.abs(u)),
  hardSigmoid: (u) => Math.min(Math.max(u / 6 + 0.5, 0), 1),
  erf,
  normalCdf: (u) => 0.5 * (1 + erf(u * Math.SQRT1_2)),
};

/** erf by its series, beyond 3 by the continued fraction of erfc (DLMF 7.6.1 and 7.9.1). */
function erf(u: number): number {
  const x = Math.abs(u);
  if (x > 6) return Math.sign(u);
  if (x < 3) {
    let [term, sum] = [u, u];
    for (let n = 1; n < 100; n++) {
      term *= (-u * u) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (x + fraction);
  return Math.sign(u) * (1 - Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction)));
}
