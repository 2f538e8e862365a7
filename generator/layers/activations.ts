import {
  add,
  call,
  compare,
  type Expression,
  logSumExp,
  max,
  multiply,
  number,
  one,
  read,
  subtract,
  where,
  zero,
} from '../equations/expression.ts';
import type { FunctionName } from '../equations/functions.ts';
import type { Tensor } from '../equations/tensor.ts';
import type { LayerBuilder } from './builder.ts';
import type { ActivationName } from './options.ts';

/** Slope of leakyRelu for negative arguments, as in Keras 2's `LeakyReLU` of tf.nn. */
const defaultLeak = 0.2;

export interface Activation {
  /** Whether kernels in front of it start by He's rule instead of Glorot's. */
  readonly reluLike: boolean;
  /** The equations of a = f(z); `alpha` is leakyRelu's slope. */
  apply(layer: LayerBuilder, z: Tensor, alpha: number | undefined): Tensor;
}

/** Every activation, one line each. */
export const activations: { readonly [K in ActivationName]: Activation } = {
  linear: { reluLike: false, apply: (_, z) => z },
  relu: scalar('relu', true),
  relu6: scalar('relu6', true),
  leakyRelu: {
    reluLike: true,
    apply: (layer, z, alpha = defaultLeak) =>
      elementwise(layer, z, (u) => where(compare(u, '>', zero), u, multiply(number(alpha), u))),
  },
  elu: scalar('elu', true),
  selu: scalar('selu', true),
  sigmoid: scalar('sigmoid', false),
  tanh: scalar('tanh', false),
  atan: scalar('atan', false),
  softplus: scalar('softplus', true),
  softsign: scalar('softsign', false),
  // z·σ(z)
  silu: gated(true, (u) => call('sigmoid', u)),
  // z·Φ(z), Φ(z) = ½(1 + erf(z/√2))
  gelu: gated(true, (u) => multiply(number(0.5), add(one, call('erf', multiply(number(Math.SQRT1_2), u))))),
  hardSigmoid: scalar('hardSigmoid', false),
  // z·hardSigmoid(z)
  hardSwish: gated(true, (u) => call('hardSigmoid', u)),
  softmax: { reluLike: false, apply: (layer, z) => normalised(layer, z, (u) => call('exp', u)) },
  logSoftmax: { reluLike: false, apply: (layer, z) => normalised(layer, z, (u) => u) },
};

function elementwise(layer: LayerBuilder, z: Tensor, f: (u: Expression) => Expression, letter = 'a'): Tensor {
  const at = layer.indices(z.shape);
  return layer.define(letter, z.shape, at, f(read(z, at)));
}

function scalar(name: FunctionName, reluLike: boolean): Activation {
  return { reluLike, apply: (layer, z) => elementwise(layer, z, (u) => call(name, u)) };
}

/** z times a gate; the gate is a tensor of its own, so that the backward pass finds it. */
function gated(reluLike: boolean, gate: (u: Expression) => Expression): Activation {
  return {
    reluLike,
    apply(layer, z) {
      const g = elementwise(layer, z, gate, 'g');
      const at = layer.indices(z.shape);
      return layer.define('a', z.shape, at, multiply(read(z, at), read(g, at)));
    },
  };
}

/** f(z − log Σ exp z) along the last axis; softmax is exp(z − l), so it needs no division. */
function normalised(layer: LayerBuilder, z: Tensor, f: (u: Expression) => Expression): Tensor {
  const outer = z.shape.slice(0, -1);
  const indices = layer.indices(z.shape);
  const places = indices.slice(0, -1);
  const summedShape = outer.length === 0 ? [1] : outer;
  const summedAt = outer.length === 0 ? layer.indices([1]) : places;
  const classes = layer.indices(z.shape).slice(-1);
  const value = read(z, [...places, ...classes]);
  const m = layer.define('m', summedShape, summedAt, max(classes, value), 'shift');
  const l = layer.define('l', summedShape, summedAt, logSumExp(classes, value, read(m, summedAt)));
  const at = layer.indices(z.shape);
  const sharedAt = outer.length === 0 ? layer.indices([1]) : at.slice(0, -1);
  return layer.define('a', z.shape, at, f(subtract(read(z, at), read(l, sharedAt))));
}
