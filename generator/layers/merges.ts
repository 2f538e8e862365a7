import type { Expression } from '../equations/expression.ts';
import { read } from '../equations/expression.ts';
import type { Tensor } from '../equations/tensor.ts';
import type { Shape } from '../spec/network.ts';
import type { LayerBuilder } from './builder.ts';
import { Misfit } from './layer.ts';

/** The shape that all inputs have, or the misfit of the first that has another. */
export function sharedShape(inputs: readonly Shape[]): Shape | Misfit {
  const [first = [], ...rest] = inputs;
  const other = rest.find((shape) => shape.join() !== first.join());
  if (other === undefined) return first;
  return new Misfit(
    'inputs',
    `found shapes [${first.join(', ')}] and [${other.join(', ')}]`,
    'expected one shape for all',
  );
}

/** Inputs of one shape, joined place by place. */
export function elementwiseMerge(layer: LayerBuilder, join: (...values: readonly Expression[]) => Expression): Tensor {
  const at = layer.indices(layer.shape);
  return layer.define('y', layer.shape, at, join(...layer.inputs.map((input) => read(input, at))));
}
