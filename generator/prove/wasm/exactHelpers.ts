import type { HelperName } from '../../print/wasmFunction.ts';
import { erf, erfc } from '../../reference/erf.ts';
import type { Ring } from '../ring.ts';
import type { Scalar } from '../value.ts';

/** What the generator's helpers compute. */
export const exactHelpers = {
  exp: (ring: Ring, u: Scalar): Scalar => ring.Math.exp(u),
  expm1: (ring: Ring, u: Scalar): Scalar => ring.Math.expm1(u),
  log: (ring: Ring, u: Scalar): Scalar => ring.Math.log(u),
  log1p: (ring: Ring, u: Scalar): Scalar => ring.Math.log1p(u),
  // log(1 + eᵘ)
  log1pExp: (ring: Ring, u: Scalar): Scalar => ring.Math.log1p(ring.Math.exp(u)),
  // 1/(1 + e⁻ᵘ)
  sigmoid: (ring: Ring, u: Scalar): Scalar => ring.divide(1, ring.plus(1, ring.Math.exp(ring.negate(u)))),
  tanh: (ring: Ring, u: Scalar): Scalar => ring.Math.tanh(u),
  atan: (ring: Ring, u: Scalar): Scalar => ring.Math.atan(u),
  normalCdf: (ring: Ring, u: Scalar): Scalar => {
    const value = ring.lift(u);
    return ring.Math.helpers.normalCdf(erfc(-value.float / Math.SQRT2) / 2, value);
  },
  erf: (ring: Ring, u: Scalar): Scalar => {
    const value = ring.lift(u);
    return ring.Math.helpers.erf(erf(value.float), value);
  },
} satisfies { readonly [K in HelperName]: (ring: Ring, u: Scalar) => Scalar };
