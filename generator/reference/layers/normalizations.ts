import { zeros } from '../tensor.ts';
import type { LayerRule, OptionsOf } from './rule.ts';

interface Normalization {
  readonly epsilon: number;
}

/**
 * y = γ[c]·(x − mean)/√(variance + ε) + β[c], with the mean and the variance (not that of a sample) of the elements
 * that `shareOf` gives the same number: by their position and their channel.
 */
function normalization<O extends Normalization>(
  shareOf: (place: number, channel: number, channels: number, options: O) => number,
): LayerRule<O> {
  return {
    shape: (_, [input]) => input!,
    parameters: (_, [input]) => ['gamma', 'beta'].map((name) => ({ name, shape: [input!.at(-1)!] })),
    forward(options, [x], [gamma, beta]) {
      const y = zeros(x!.shape);
      const channels = x!.shape.at(-1)!;
      const shares = new Map<number, number[]>();
      for (let n = 0; n < y.values.length; n++) {
        const share = shareOf(Math.floor(n / channels), n % channels, channels, options);
        shares.set(share, [...(shares.get(share) ?? []), n]);
      }
      for (const members of shares.values()) {
        let [mean, variance] = [0, 0];
        for (const n of members) mean += x!.values[n]!;
        mean /= members.length;
        for (const n of members) variance += (x!.values[n]! - mean) * (x!.values[n]! - mean);
        variance /= members.length;
        for (const n of members) {
          const normal = (x!.values[n]! - mean) / Math.sqrt(variance + options.epsilon);
          y.values[n] = gamma!.values[n % channels]! * normal + beta!.values[n % channels]!;
        }
      }
      return y;
    },
  };
}

/** Each place by itself. */
export const layerNormalization = normalization<OptionsOf<'layerNormalization'>>((place) => place);

/** Each channel by itself. */
export const instanceNormalization = normalization<OptionsOf<'instanceNormalization'>>((_, channel) => channel);

/** Neighbouring channels together. */
export const groupNormalization = normalization<OptionsOf<'groupNormalization'>>((_, channel, channels, { groups }) =>
  Math.floor(channel / (channels / groups)),
);

/** y[…,c] = x[…,c]·(bias + α·Σ x[…,k]²)^−β over the channels k up to r away. */
export const localResponseNormalization: LayerRule<OptionsOf<'localResponseNormalization'>> = {
  shape: (_, [input]) => input!,
  parameters: () => [],
  forward({ depthRadius, bias, alpha, beta }, [x]) {
    const y = zeros(x!.shape);
    const channels = x!.shape.at(-1)!;
    for (let n = 0; n < y.values.length; n++) {
      const c = n % channels;
      let squares = 0;
      for (let k = Math.max(0, c - depthRadius); k <= Math.min(channels - 1, c + depthRadius); k++) {
        squares += x!.values[n - c + k]! * x!.values[n - c + k]!;
      }
      y.values[n] = x!.values[n]! * Math.exp(-beta * Math.log(bias + alpha * squares));
    }
    return y;
  },
};

/** y = x/max(‖x‖, 1e-12) along an axis. */
export const unitNormalization: LayerRule<OptionsOf<'unitNormalization'>> = {
  shape: (_, [input]) => input!,
  parameters: () => [],
  forward({ axis, order }, [x]) {
    const { shape, values } = x!;
    const position = axis < 0 ? shape.length + axis : axis - 1;
    let stride = 1;
    for (let later = position + 1; later < shape.length; later++) stride *= shape[later]!;
    const length = shape[position]!;
    const y = zeros(shape);
    for (let n = 0; n < values.length; n++) {
      const first = n - (Math.floor(n / stride) % length) * stride;
      let sum = 0;
      for (let k = 0; k < length; k++) {
        const value = values[first + k * stride]!;
        sum += order === 2 ? value * value : value > 0 ? value : value < 0 ? -value : 0 * value;
      }
      const least = order === 2 ? 1e-24 : 1e-12;
      const kept = sum < least ? least : sum;
      y.values[n] = values[n]! / (order === 2 ? Math.sqrt(kept) : kept);
    }
    return y;
  },
};
