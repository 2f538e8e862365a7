import type { LayerDefinition } from '../layers/layer.ts';
import { Misfit } from '../layers/layer.ts';
import type { LossDefinition } from '../layers/losses/loss.ts';
import { losses } from '../layers/losses/registry.ts';
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
  const misfit = misfitOfLoss(network, shapes.at(-1) ?? []);
  if (misfit !== undefined) return { ok: false, problems: [misfit] };
  return { ok: true, network: { ...network, shapes } };
}

function misfitOfLoss({ loss, lossOptions }: Network, output: Shape): Problem | undefined {
  if (loss === undefined) return undefined;
  const misfit = (losses[loss] as unknown as LossDefinition).misfit?.(output, lossOptions);
  return misfit && { path: `loss.${misfit.option}`, found: misfit.found, expected: misfit.expected };
}

function located(position: number, { option, found, expected }: Misfit): Problem {
  return { path: `layers[${position}]${option === '' ? '' : `.${option}`}`, found, expected };
}
