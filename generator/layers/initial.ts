import type { Affine } from '../equations/affine.ts';
import type { Initial } from '../equations/equation.ts';
import { add, type Expression, read } from '../equations/expression.ts';
import type { Tensor } from '../equations/tensor.ts';
import { activations } from './activations.ts';
import type { LayerBuilder } from './builder.ts';
import type { ActivationName } from './options.ts';

/**
 * How a kernel starts: uniform in ±√(6/(fanIn + fanOut)) (Glorot and Bengio 2010), in front of a relu-like activation
 * ±√(6/fanIn) (He et al. 2015).
 */
export function glorotOrHe(fanIn: number, fanOut: number, activation: ActivationName): Initial {
  const limit = Math.sqrt(6 / (activations[activation].reluLike ? fanIn : fanIn + fanOut));
  return { kind: 'uniform', limit };
}

/** A new bias for each of `size` channels. */
export function bias(layer: LayerBuilder, size: number): Tensor {
  return layer.parameter('b', 'bias', [size], { kind: 'constant', value: 0 });
}

/** b[to] + value, with b a new parameter that starts at zero; the value alone without a bias. */
export function withBias(
  layer: LayerBuilder,
  useBias: boolean,
  size: number,
  to: Affine,
  value: Expression,
): Expression {
  return useBias ? add(read(bias(layer, size), [to]), value) : value;
}
