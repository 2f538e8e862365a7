import { layerShapes, parameterShapes } from '../reference/interpreter.ts';
import type { Network } from '../spec/network.ts';

/**
 * Terms of the longest sum in a network, forward or backward: over all places of an image, as for a bias' gradient; over a
 * kernel, as for a value; over all outputs, as for a loss.
 */
export function longestSum(network: Network): number {
  const shapes = [...layerShapes(network)];
  const places = shapes.map(([, shape]) => sizeOf(shape.slice(0, -1)));
  const kernels = parameterShapes(network).map(({ shape }) => sizeOf(shape.slice(0, -1)));
  const output = sizeOf(shapes.at(-1)?.[1] ?? []);
  return Math.max(1, output, ...places, ...kernels);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
