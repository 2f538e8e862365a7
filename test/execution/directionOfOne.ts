import { layerShapes } from '../../generator/reference/interpreter.ts';
import type { Network } from '../../generator/spec/network.ts';

// The direction of one number is ±1 wherever it is, so that its gradient, 0, is what rounding leaves of terms as large as
// the reciprocal of that number.

/** Whether a loss is the cosine of single numbers; an even number of them adds up to nothing to compare it with, too. */
export function isCosineOfOne(network: Network): boolean {
  const shapes = layerShapes(network);
  const outputs = network.outputs ?? [{ name: network.layers.at(-1)!.name, loss: network.loss }];
  return outputs.some(({ name, loss }) => loss === 'cosineProximity' && shapes.get(name)!.at(-1) === 1);
}

/** Whether a layer makes a vector of one number as long as 1. */
export function hasUnitOfOne(network: Network): boolean {
  const shapes = layerShapes(network);
  return network.layers.some(({ name, type, options }) => {
    if (type !== 'unitNormalization') return false;
    return shapes.get(name)!.at(options.axis > 0 ? options.axis - 1 : options.axis) === 1;
  });
}
