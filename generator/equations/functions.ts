import {
  add,
  call,
  compare,
  divide,
  type Expression,
  multiply,
  number,
  one,
  subtract,
  where,
  zero,
} from './expression.ts';

export type FunctionName =
  | 'square'
  | 'exp'
  | 'log'
  | 'log1p'
  | 'abs'
  | 'sqrt'
  | 'relu'
  | 'relu6'
  | 'elu'
  | 'selu'
  | 'sigmoid'
  | 'tanh'
  | 'atan'
  | 'softplus'
  | 'softsign'
  | 'hardSigmoid'
  | 'erf';

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
  // elu u = eᵘ − 1 for u < 0, so elu′ = elu u + 1 there
  elu: (u: Expression) => where(compare(u, '>', zero), one, add(call('elu', u), one)),
  // selu u = λα(eᵘ − 1) for u < 0, so selu′ = selu u + λα there (Klambauer et al. 2017)
  selu: (u: Expression) =>
    where(
      compare(u, '>', zero),
      number(seluScale),
      add(call('selu', u), multiply(number(seluScale), number(seluAlpha))),
    ),
  // σ′ = σ(1 − σ)
  sigmoid: (u: Expression) => multiply(call('sigmoid', u), subtract(one, call('sigmoid', u))),
  // tanh′ = 1 − tanh²
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
  // erf′ = 2/√π · e^(−u²)
  erf: (u: Expression) =>
    multiply(number(2 / Math.sqrt(Math.PI)), call('exp', multiply(number(-1), call('square', u)))),
};

/** λ and α of selu, to double precision (Klambauer et al. 2017, "Self-Normalizing Neural Networks"). */
export const seluScale = 1.0507009873554805;
export const seluAlpha = 1.6732632423543772;
