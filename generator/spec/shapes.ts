import type { LayerDefinition } from '../layers/layer.ts';
import { Misfit } from '../layers/layer.ts';
import { maxElements } from '../layers/options.ts';
import { layers } from '../layers/registry.ts';
import type { Network, Shape, ShapedNetwork } from './network.ts';
import type { Problem } from './problem.ts';

export type Shaped =
  | { readonly ok: true; readonly network: ShapedNetwork }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Gives every layer its output shape, or says at which layer the sizes stop fitting. */
export function inferShapes(network: Network): Shaped {
  const known = new Map<string, Shape>([['input', network.input]]);
  for (const [position, layer] of network.layers.entries()) {
    const definition: LayerDefinition = layers[layer.type];
    const inputs = layer.inputs.map((name) => known.get(name) as Shape);
    const shape = definition.shape(inputs, layer.options);
    if (shape instanceof Misfit) return { ok: false, problems: [located(position, shape)] };
    const elements = shape.reduce((product, size) => product * size, 1);
    if (elements > maxElements) {
      const found = `found an output of ${shape.join('×')} = ${elements} numbers`;
      return {
        ok: false,
        problems: [{ path: `layers[${position}]`, found, expected: `expected at most ${maxElements} (2^24)` }],
      };
    }
    known.set(layer.name, shape);
  }
  const shapes = network.layers.map(({ name }) => known.get(name) as Shape);
  return { ok: true, network: { ...network, shapes } };
}

function located(position: number, { option, found, expected }: Misfit): Problem {
  return { path: `layers[${position}]${option === '' ? '' : `.${option}`}`, found, expected };
}
