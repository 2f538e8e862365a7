import { zeros } from '../tensor.ts';
import type { LayerRule, OptionsOf } from './rule.ts';

/** Batch normalization by the statistics among the parameters (Ioffe and Szegedy 2015, as it is used for inference). */
export const batchNormalization: LayerRule<OptionsOf<'batchNormalization'>> = {
  batch: ({ statistics, momentum }) => (statistics === 'batch' ? (momentum ?? 0.99) : undefined),
  shape: (_, [input]) => input!,
  parameters({ statistics }, [input]) {
    const shape = [input!.at(-1)!];
    const statistic = { shape, statistic: true, learns: statistics === 'learned' } as const;
    return [
      { name: 'gamma', shape },
      { name: 'beta', shape },
      { name: 'movingMean', ...statistic },
      { name: 'movingVariance', ...statistic },
    ];
  },
  /** y[…,c] = γ[c]·(x[…,c] − mean[c])/√(variance[c] + ε) + β[c]; of a vector every element is a channel. */
  forward({ epsilon }, [x], [gamma, beta, movingMean, movingVariance]) {
    const y = zeros(x!.shape);
    const channels = x!.shape.at(-1)!;
    for (let n = 0; n < y.values.length; n++) {
      const c = n % channels;
      const deviation = Math.sqrt(movingVariance!.values[c]! + epsilon);
      const normalized = (x!.values[n]! - movingMean!.values[c]!) / deviation;
      y.values[n] = gamma!.values[c]! * normalized + beta!.values[c]!;
    }
    return y;
  },
};
