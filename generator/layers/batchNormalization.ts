import { z } from 'zod';
import { add, call, divide, multiply, negate, number, read, subtract } from '../equations/expression.ts';
import { defineLayer } from './layer.ts';
import { scaleAndShift, scaleOf } from './normalise.ts';
import { share } from './optimizers/optimizer.ts';
import { nonNegativeNumber, statistics } from './options.ts';

/** How much of the moving averages a batch leaves, where the spec does not say (Keras). */
const batchMomentum = 0.99;

/**
 * x̂ = (x − μ)/√(v + ε), y = γ·x̂ + β, channel by channel (Ioffe and Szegedy 2015). μ and v are parameters without a gradient;
 * with the statistics of the batch they are its own while it trains, and moving averages of them otherwise; learned, they are
 * parameters as γ and β are.
 */
export const batchNormalization = defineLayer({
  hasParameters: true,
  options: z.strictObject({ epsilon: nonNegativeNumber.default(1e-3), statistics, momentum: share.optional() }),
  shape: ([input = []]) => input,
  forward(layer, o) {
    const { x, shape } = layer;
    const channels = shape.slice(-1);
    const learned = o.statistics === 'learned';
    const statistic = { role: learned ? 'parameter' : 'statistic' } as const;
    const { gamma, beta } = scaleOf(layer);
    const mean = layer.parameter('μ', 'movingMean', channels, { kind: 'constant', value: 0 }, statistic);
    const variance = layer.parameter('v', 'movingVariance', channels, { kind: 'constant', value: 1 }, statistic);
    const one = layer.indices(channels);
    const root = call('sqrt', add(read(variance, one), number(o.epsilon)));
    const deviation = layer.define('s', channels, one, root, learned ? 'value' : 'scale');
    const at = layer.indices(shape);
    const c = at.slice(-1);
    const normal = layer.define('x̂', shape, at, divide(subtract(read(x, at), read(mean, c)), read(deviation, c)));
    if (o.statistics === 'batch' && layer.learns) {
      const [pull, tilt] = [layer.tensor('g', channels, 'mean'), layer.tensor('h', channels, 'mean')];
      const share = add(read(pull, c), multiply(read(tilt, c), read(normal, at)));
      const terms = { at, share: negate(multiply(read(gamma, c), share)), momentum: o.momentum ?? batchMomentum };
      layer.normaliseByBatch({ x, gamma, beta, mean, variance, normal, pull, tilt, ...terms });
    }
    return scaleAndShift(layer, normal, { gamma, beta });
  },
});
