import { layerShapes, parameterShapes } from '../reference/interpreter.ts';
import { elementCount } from '../reference/tensor.ts';
import type { Network } from '../spec/network.ts';

/**
 * Work that the differences of one network may take in all, in products. The reference interpreter does about 1e8 in a
 * second: it stays a matter of seconds, however large the network is.
 */
const budget = 5e8;

/** What a layer costs beside its products: the reference makes all tensors anew at each evaluation. */
const costOfLayer = 10_000;

/** Evaluations of the network for one difference, where no kink is near. */
const evaluationsPerSlot = 7;

/** How many slots can be differenced in each sample. Counted, not timed: every machine takes the same. */
export function affordableSlots(network: Network, samples: number): number {
  return Math.max(1, Math.floor(budget / (costOf(network) * evaluationsPerSlot * samples)));
}

/** Roughly the products of one evaluation: every output element takes a column of its layer's kernel. */
function costOf(network: Network): number {
  const shapes = layerShapes(network);
  const parameters = parameterShapes(network);
  return network.layers.reduce((total, { name, weightsOf = name }) => {
    const kernel = parameters.find((one) => one.name === `${weightsOf}/kernel`)?.shape ?? [1];
    return total + costOfLayer + (elementCount(shapes.get(name)!) * elementCount(kernel)) / kernel.at(-1)!;
  }, 0);
}
