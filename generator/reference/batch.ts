import type { Network } from '../spec/network.ts';
import { evaluate, layerShapes, parameterShapes } from './interpreter.ts';
import { ruleOf } from './layers.ts';

/** A layer that is normalised by the mean and variance of a batch while that trains. */
export interface BatchLayer {
  /** The layer that it reads. */
  readonly input: string;
  readonly channels: number;
  /** How much of the moving averages a batch leaves, and where these begin in the flat array. */
  readonly momentum: number;
  readonly mean: number;
  readonly variance: number;
}

/** A sample as the batch computes it: its network has the sample's masks. */
export interface BatchSample {
  readonly network: Network;
  readonly input: ArrayLike<number>;
}

/** Such layers, in the order in which they are computed. One that is held fixed keeps to its moving averages. */
export function batchLayers(network: Network): readonly BatchLayer[] {
  const shapes = layerShapes(network);
  const parameters = parameterShapes(network);
  return network.layers.flatMap((layer) => {
    const momentum = layer.trainable === false ? undefined : ruleOf(layer).batch?.(layer.options);
    if (momentum === undefined) return [];
    const [mean, variance] = parameters.filter(({ name, statistic }) => statistic && name.startsWith(`${layer.name}/`));
    const channels = shapes.get(layer.name)!.at(-1)!;
    return [{ input: layer.inputs[0]!, channels, momentum, mean: mean!.offset, variance: variance!.offset }];
  });
}

/** The parameters that a batch computes its samples with: its own means and variances stand in place of the moving ones. */
export function batchParameters(
  network: Network,
  parameters: ArrayLike<number>,
  samples: readonly BatchSample[],
): Float64Array {
  const own = Float64Array.from(parameters);
  for (const { input, channels, mean, variance } of batchLayers(network)) {
    const tensors = samples.map((sample) => evaluate(sample.network, own, sample.input).outputs.get(input)!.values);
    for (let c = 0; c < channels; c++) {
      let [count, sum, squares] = [0, 0, 0];
      for (const x of tensors) {
        for (let n = c; n < x.length; n += channels) {
          count++;
          sum += x[n]!;
        }
      }
      own[mean + c] = sum / count;
      for (const x of tensors) {
        for (let n = c; n < x.length; n += channels) squares += (x[n]! - own[mean + c]!) * (x[n]! - own[mean + c]!);
      }
      own[variance + c] = squares / count;
    }
  }
  return own;
}

/** The parameters behind a batch: its means and variances have moved the averages. */
export function movedParameters(
  network: Network,
  parameters: ArrayLike<number>,
  batch: ArrayLike<number>,
): Float64Array {
  const moved = Float64Array.from(parameters);
  for (const { channels, momentum, mean, variance } of batchLayers(network)) {
    for (const start of [mean, variance]) {
      for (let n = start; n < start + channels; n++) {
        moved[n] = parameters[n]! * momentum + batch[n]! * (1 - momentum);
      }
    }
  }
  return moved;
}
