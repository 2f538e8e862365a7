import { type Affine, constant } from '../equations/affine.ts';
import {
  add,
  call,
  compare,
  divide,
  type Expression,
  logSumExp,
  max,
  multiply,
  negate,
  number,
  one,
  read,
  subtract,
  where,
  zero,
} from '../equations/expression.ts';
import type { FunctionName } from '../equations/functionName.ts';
import type { Tensor } from '../equations/tensor.ts';
import type { LayerBuilder } from './builder.ts';
import type { ActivationName, ActivationNumbers } from './options.ts';

/** Slope of leakyRelu for negative arguments, as in Keras 2's `LeakyReLU` of tf.nn. */
const defaultLeak = 0.2;

export interface Activation {
  /** Whether kernels in front of it start by He's rule instead of Glorot's. */
  readonly reluLike: boolean;
  /** The equations of a = f(z), with the numbers that the activation takes. */
  apply(layer: LayerBuilder, z: Tensor, numbers: ActivationNumbers): Tensor;
}

/** Every activation, one line each. */
export const activations: { readonly [K in ActivationName]: Activation } = {
  linear: { reluLike: false, apply: (_, z) => z },
  // min(max(z, 0), maxValue)
  relu: formula(true, (u, { maxValue }) => upTo(maxValue, u)),
  relu6: scalar('relu6', true),
  leakyRelu: formula(true, (u, { alpha = defaultLeak }) => where(compare(u, '>', zero), u, multiply(number(alpha), u))),
  // α(eᶻ − 1) below 0
  elu: formula(true, (u, { alpha = 1 }) => scaledElu(alpha, u, u)),
  selu: scalar('selu', true),
  sigmoid: scalar('sigmoid', false),
  tanh: scalar('tanh', false),
  atan: scalar('atan', false),
  softplus: scalar('softplus', true),
  softsign: scalar('softsign', false),
  // z·σ(z)
  silu: gated(true, (u) => call('sigmoid', u)),
  // z·Φ(z), Φ(z) = ½(1 + erf(z/√2))
  gelu: gated(true, (u) => call('normalCdf', u)),
  // clip(αz + β), by default clip(z/6 + ½)
  hardSigmoid: {
    reluLike: false,
    apply(layer, z, { alpha, beta }) {
      if (alpha === undefined && beta === undefined) return elementwise(layer, z, (u) => call('hardSigmoid', u));
      const line = (u: Expression) => add(multiply(number(alpha ?? 1 / 6), u), number(beta ?? 0.5));
      return elementwise(layer, elementwise(layer, z, line, 'v'), (v) => upTo(1, v));
    },
  },
  // z·hardSigmoid(z)
  hardSwish: gated(true, (u) => call('hardSigmoid', u)),
  // α(e^(z/α) − 1) below 0
  celu: formula(true, (u, { alpha = 1 }) => {
    const v = divide(u, number(alpha));
    if (alpha > 0) return scaledElu(alpha, u, v);
    // Where α < 0, v = z/α is positive: eᵛ − 1 = −eᵛ(e⁻ᵛ − 1), whose last factor is an elu and keeps its digits near 0.
    const below = multiply(number(-alpha), call('exp', v), call('elu', divide(u, number(-alpha))));
    return where(compare(u, '>', zero), u, below);
  }),
  // z·tanh(softplus z)
  mish: {
    reluLike: true,
    apply(layer, z) {
      const g = elementwise(
        layer,
        elementwise(layer, z, (u) => call('softplus', u), 'v'),
        (v) => call('tanh', v),
        'g',
      );
      return product(layer, z, g);
    },
  },
  // ½z(1 + tanh v) = z·σ(2v) with v = √(2/π)·(z + 0.044715z³): no cancellation where tanh is −1
  geluTanh: gated(true, (u) => {
    const inner = add(u, multiply(number(0.044715), u, call('square', u)));
    return call('sigmoid', multiply(number(2 * Math.sqrt(2 / Math.PI)), inner));
  }),
  // log σ(z) = −softplus(−z)
  logSigmoid: formula(false, (u) => negate(call('softplus', negate(u)))),
  thresholdedRelu: formula(true, (u, { theta = 1 }) => where(compare(u, '>', number(theta)), u, zero)),
  hardShrink: formula(false, (u, { theta = 0.5 }) =>
    where(compare(u, '>', number(theta)), u, where(compare(u, '<', number(-theta)), u, zero)),
  ),
  softShrink: formula(false, (u, { theta = 0.5 }) =>
    where(
      compare(u, '>', number(theta)),
      subtract(u, number(theta)),
      where(compare(u, '<', number(-theta)), add(u, number(theta)), zero),
    ),
  ),
  // A bound passes the gradient on, as in TensorFlow and PyTorch.
  clip: formula(false, (u, { minValue, maxValue }) => {
    const below = maxValue === undefined ? u : where(compare(u, '>', number(maxValue)), number(maxValue), u);
    return minValue === undefined ? below : where(compare(u, '<', number(minValue)), number(minValue), below);
  }),
  // 1 above 0, α elsewhere; its derivative is 0 everywhere
  step: formula(false, (u, { alpha = 0 }) => where(compare(u, '>', zero), one, number(alpha))),
  exp: scalar('exp', false),
  erf: scalar('erf', false),
  abs: scalar('abs', false),
  softmax: { reluLike: false, apply: (layer, z) => normalised(layer, z, (logarithm) => call('exp', logarithm)) },
  logSoftmax: { reluLike: false, apply: (layer, z) => normalised(layer, z, (logarithm) => logarithm) },
};

function elementwise(layer: LayerBuilder, z: Tensor, f: (u: Expression) => Expression, letter = 'a'): Tensor {
  const at = layer.indices(z.shape);
  return layer.define(letter, z.shape, at, f(read(z, at)));
}

function scalar(name: FunctionName, reluLike: boolean): Activation {
  return { reluLike, apply: (layer, z) => elementwise(layer, z, (u) => call(name, u)) };
}

/** An element-wise formula with the numbers that it takes. */
function formula(reluLike: boolean, f: (u: Expression, numbers: ActivationNumbers) => Expression): Activation {
  return { reluLike, apply: (layer, z, numbers) => elementwise(layer, z, (u) => f(u, numbers)) };
}

/** min(max(u, 0), most), flat at both ends; relu without a bound. */
function upTo(most: number | undefined, u: Expression): Expression {
  if (most === undefined) return call('relu', u);
  // relu(u) is 0 here, and hands a NaN on.
  return where(compare(u, '>', zero), where(compare(u, '<', number(most)), u, number(most)), call('relu', u));
}

/** u above 0, α(eᵛ − 1) elsewhere. */
function scaledElu(alpha: number, u: Expression, v: Expression): Expression {
  if (alpha === 1) return call('elu', u);
  return where(compare(u, '>', zero), u, multiply(number(alpha), call('elu', v)));
}

/** z·g, element by element. */
function product(layer: LayerBuilder, z: Tensor, g: Tensor): Tensor {
  const at = layer.indices(z.shape);
  return layer.define('a', z.shape, at, multiply(read(z, at), read(g, at)));
}

/** z times a gate; the gate is a tensor of its own, so that the backward pass finds it. */
function gated(reluLike: boolean, gate: (u: Expression) => Expression): Activation {
  return {
    reluLike,
    apply(layer, z) {
      return product(layer, z, elementwise(layer, z, gate, 'g'));
    },
  };
}

/**
 * (z − m) − l along the last axis, with m = max z and l = log Σ exp(z − m): the logarithm of softmax, read at an element.
 * Once m is gone it never returns, as m + l keeps nothing of l where m is large.
 */
export function logSoftmaxOf(layer: LayerBuilder, z: Tensor): (at: readonly Affine[]) => Expression {
  const outer = z.shape.slice(0, -1);
  const sharedAt = (at: readonly Affine[]) => (outer.length === 0 ? [constant(0)] : at.slice(0, -1));
  const indices = layer.indices(z.shape);
  const [summedShape, summedAt] = [outer.length === 0 ? [1] : outer, sharedAt(indices)];
  const classes = layer.indices(z.shape).slice(-1);
  const value = read(z, [...indices.slice(0, -1), ...classes]);
  const m = layer.define('m', summedShape, summedAt, max(classes, value), 'shift');
  const l = layer.define('l', summedShape, summedAt, logSumExp(classes, subtract(value, read(m, summedAt))));
  return (at) => subtract(subtract(read(z, at), read(m, sharedAt(at))), read(l, sharedAt(at)));
}

/** f of the logarithm of softmax. */
function normalised(layer: LayerBuilder, z: Tensor, f: (u: Expression) => Expression): Tensor {
  const logs = logSoftmaxOf(layer, z);
  const at = layer.indices(z.shape);
  return layer.define('a', z.shape, at, f(logs(at)));
}
