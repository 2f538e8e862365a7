import type { Affine } from '../equations/affine.ts';
import { add, call, divide, multiply, number, read, subtract, sum } from '../equations/expression.ts';
import type { Tensor } from '../equations/tensor.ts';
import { elementsOf, type Shape } from '../shape.ts';
import type { LayerBuilder } from './builder.ts';

/** The places that share a mean and a variance: the element `at`, as indices of its share `kept` and those `over` it. */
export interface Span {
  readonly at: readonly Affine[];
  readonly kept: readonly Affine[];
  readonly over: readonly Affine[];
}

/**
 * x̂ = (x − μ)/√(v + ε), with the mean and the variance of the places that share them, and y = γ·x̂ + β.
 *
 * @param kept the shape of the means
 * @param span fresh indices; every equation has its own
 */
export function normalise(layer: LayerBuilder, kept: Shape, span: () => Span, epsilon: number): Tensor {
  const { x, shape } = layer;
  const size = number(elementsOf(shape) / elementsOf(kept));
  const [a, b, c, d] = [span(), span(), span(), span()];
  const mean = layer.define('μ', kept, a.kept, divide(sum(a.over, read(x, a.at)), size));
  const squares = sum(b.over, call('square', subtract(read(x, b.at), read(mean, b.kept))));
  const variance = layer.define('v', kept, b.kept, divide(squares, size));
  const root = call('sqrt', add(read(variance, c.kept), number(epsilon)));
  const deviation = layer.define('s', kept, c.kept, root);
  const centred = subtract(read(x, d.at), read(mean, d.kept));
  const normal = layer.define('x̂', shape, d.at, divide(centred, read(deviation, d.kept)));
  return scaleAndShift(layer, normal, scaleOf(layer));
}

/** A factor and a summand for each channel of the last axis. */
interface Scale {
  readonly gamma: Tensor;
  readonly beta: Tensor;
}

/** γ, 1 at first, and β, 0. */
export function scaleOf(layer: LayerBuilder): Scale {
  const channels = layer.shape.slice(-1);
  return {
    gamma: layer.parameter('γ', 'gamma', channels, { kind: 'constant', value: 1 }),
    beta: layer.parameter('β', 'beta', channels, { kind: 'constant', value: 0 }),
  };
}

/** y = γ·x̂ + β. */
export function scaleAndShift(layer: LayerBuilder, normal: Tensor, { gamma, beta }: Scale): Tensor {
  const at = layer.indices(normal.shape);
  const scaled = multiply(read(gamma, at.slice(-1)), read(normal, at));
  return layer.define('y', normal.shape, at, add(scaled, read(beta, at.slice(-1))));
}
