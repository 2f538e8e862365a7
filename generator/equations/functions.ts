import {
  add,
  call,
  compare,
  divide,
  type Expression,
  multiply,
  negate,
  number,
  one,
  subtract,
  where,
  zero,
} from './expression.ts';
import type { FunctionName } from './functionName.ts';

/**
 * The scalar functions and their derivatives, the identity beside each. A derivative is written in terms of the
 * argument only; the recall pass afterwards replaces what the forward pass has already stored (tanh(z) by a).
 */
export const derivatives: { readonly [K in FunctionName]: (argument: Expression) => Expression } = {
  // d u² = 2u
  square: (u: Expression) => multiply(number(2), u),
  // d eᵘ = eᵘ
  exp: (u: Expression) => call('exp', u),
  // d log u = 1/u
  log: (u: Expression) => divide(one, u),
  // d log(1 + u) = 1/(1 + u)
  log1p: (u: Expression) => divide(one, add(one, u)),
  // d |u| = sign u, 0 at 0
  abs: (u: Expression) => where(compare(u, '>', zero), one, where(compare(u, '<', zero), number(-1), zero)),
  // d √u = 1/(2√u)
  sqrt: (u: Expression) => divide(one, multiply(number(2), call('sqrt', u))),
  // relu′ = 1 where u > 0, and that is where relu u > 0; relu′(0) = 0
  relu: (u: Expression) => where(compare(call('relu', u), '>', zero), one, zero),
  // relu6′ = 1 for 0 < u < 6, flat at both ends
  relu6: (u: Expression) => where(compare(u, '>', zero), where(compare(u, '<', number(6)), one, zero), zero),
  // elu u = eᵘ − 1 for u ≤ 0; elu u + 1 would be the same there, but for its digits where elu u is near −1
  elu: (u: Expression) => where(compare(u, '>', zero), one, call('exp', u)),
  // selu u = λα(eᵘ − 1) for u ≤ 0 (Klambauer et al. 2017)
  selu: (u: Expression) =>
    where(compare(u, '>', zero), number(seluScale), multiply(number(seluScale), number(seluAlpha), call('exp', u))),
  // σ′ = σ(1 − σ), and 1 − σ(u) = σ(−u), which keeps its digits where σ(u) is near 1
  sigmoid: (u: Expression) => multiply(call('sigmoid', u), call('sigmoid', negate(u))),
  // tanh′ = 1 − tanh², from the value that is stored: exact to a rounding of 1, and 0 where tanh rounds to ±1
  tanh: (u: Expression) => subtract(one, call('square', call('tanh', u))),
  // atan′ = 1/(1 + u²)
  atan: (u: Expression) => divide(one, add(one, call('square', u))),
  // softplus u = log(1 + eᵘ), softplus′ = σ
  softplus: (u: Expression) => call('sigmoid', u),
  // d u/(1 + |u|) = 1/(1 + |u|)²
  softsign: (u: Expression) => divide(one, call('square', add(one, call('abs', u)))),
  // hardSigmoid u = clip(u/6 + ½), flat at ±3
  hardSigmoid: (u: Expression) =>
    where(compare(u, '>', number(-3)), where(compare(u, '<', number(3)), divide(one, number(6)), zero), zero),
  // Φ u = ½(1 + erf(u/√2)), Φ′ = 1/√(2π) · e^(−u²/2)
  normalCdf: (u: Expression) =>
    multiply(number(1 / Math.sqrt(2 * Math.PI)), call('exp', multiply(number(-0.5), call('square', u)))),
  // erf′ = 2/√π · e^(−u²)
  erf: (u: Expression) =>
    multiply(number(2 / Math.sqrt(Math.PI)), call('exp', multiply(number(-1), call('square', u)))),
};

/** λ and α of selu, to double precision (Klambauer et al. 2017, "Self-Normalizing Neural Networks"). */
export const seluScale = 1.0507009873554805;
export const seluAlpha = 1.6732632423543772;
