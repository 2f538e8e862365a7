import { z } from 'zod';
import { add, call, divide, multiply, number, read, subtract } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { nonNegativeNumber } from './options.ts';

/**
 * x̂ = (x − μ)/√(v + ε), y = γ·x̂ + β, channel by channel (Ioffe and Szegedy 2015, with frozen statistics: μ and v are
 * parameters without a gradient).
 */
export const batchNormalization = defineLayer({
  hasParameters: true,
  options: z.strictObject({ epsilon: nonNegativeNumber.default(1e-3) }),
  shape: ([input = []]) => input,
  forward(layer, o) {
    const { x, shape } = layer;
    const channels = shape.slice(-1);
    const gamma = layer.parameter('γ', 'gamma', channels, { kind: 'constant', value: 1 });
    const beta = layer.parameter('β', 'beta', channels, { kind: 'constant', value: 0 });
    const mean = layer.parameter('μ', 'movingMean', channels, { kind: 'constant', value: 0 }, { role: 'statistic' });
    const variance = layer.parameter(
      'v',
      'movingVariance',
      channels,
      { kind: 'constant', value: 1 },
      { role: 'statistic' },
    );
    const one = layer.indices(channels);
    const deviation = layer.define(
      's',
      channels,
      one,
      call('sqrt', add(read(variance, one), number(o.epsilon))),
      'scale',
    );
    const at = layer.indices(shape);
    const c = at.slice(-1);
    const centred = subtract(read(x, at), read(mean, c));
    const normal = layer.define('x̂', shape, at, divide(centred, read(deviation, c)));
    const to = layer.indices(shape);
    const scaled = multiply(read(gamma, to.slice(-1)), read(normal, to));
    return layer.define('y', shape, to, add(scaled, read(beta, to.slice(-1))));
  },
});
