import { layerShapes } from '../../generator/reference/interpreter.ts';
import type { Network } from '../../generator/spec/network.ts';

/**
 * Whether a loss is the cosine of single numbers: ±1 wherever they are, so that its gradient, 0, is what rounding leaves
 * of terms as large as their reciprocals, and an even number of such losses adds up to nothing to compare it with.
 */
export function isCosineOfOne(network: Network): boolean {
  const shapes = layerShapes(network);
  const outputs = network.outputs ?? [{ name: network.layers.at(-1)!.name, loss: network.loss }];
  return outputs.some(({ name, loss }) => loss === 'cosineProximity' && shapes.get(name)!.at(-1) === 1);
}
