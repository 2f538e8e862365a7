import type { Tensor } from '../equations/tensor.ts';
import { LayerBuilder, ProgramBuilder } from '../layers/builder.ts';
import { Misfit } from '../layers/layer.ts';
import { lossOf } from '../layers/losses/registry.ts';
import { maxElements } from '../layers/options.ts';
import { present } from '../lists.ts';
import { elementsOf } from '../shape.ts';
import { inputShapesOf } from './inputs.ts';
import { lossesOf } from './losses.ts';
import type { Layer, Network, Shape, ShapedNetwork } from './network.ts';
import type { Problem } from './problem.ts';
import { definitionOf } from './schema.ts';

export type Shaped =
  | { readonly ok: true; readonly network: ShapedNetwork }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Gives every layer its output shape, or says at which layer the sizes stop fitting. */
export function inferShapes(network: Network): Shaped {
  const known = new Map<string, Shape>(inputShapesOf(network));
  for (const [position, layer] of network.layers.entries()) {
    const inputs = layer.inputs.map((name) => present(known.get(name)));
    const shape = definitionOf(layer.type).shape(inputs, layer.options);
    if (shape instanceof Misfit) return { ok: false, problems: [located(position, shape)] };
    const misfit = misfitOfWeights(network, layer, inputs, shape, known);
    if (misfit !== undefined) return { ok: false, problems: [located(position, misfit)] };
    const elements = elementsOf(shape);
    if (elements > maxElements) {
      const found = `found an output of ${shape.join('×')} = ${elements} numbers`;
      return {
        ok: false,
        problems: [
          {
            path: `layers[${position}]`,
            found,
            expected: `expected at most ${maxElements} (2^24)`,
          },
        ],
      };
    }
    known.set(layer.name, shape);
  }
  const shapes = network.layers.map(({ name }) => present(known.get(name)));
  for (const { layer, loss, options } of lossesOf(network)) {
    const misfit = lossOf(loss).misfit?.(known.get(layer) ?? [], options);
    const path = network.outputs === undefined ? 'loss' : `outputs.${layer}.loss`;
    if (misfit !== undefined) {
      return {
        ok: false,
        problems: [{ path: `${path}.${misfit.option}`, found: misfit.found, expected: misfit.expected }],
      };
    }
  }
  return { ok: true, network: { ...network, shapes } };
}

/** The weights that a layer shares with an earlier one must have the shapes that it would give its own. */
function misfitOfWeights(
  { layers: all }: Network,
  layer: Layer,
  inputs: readonly Shape[],
  shape: Shape,
  known: ReadonlyMap<string, Shape>,
): Misfit | undefined {
  const owner = all.find(({ name }) => name === layer.weightsOf);
  if (owner === undefined) return undefined;
  const ofOwner = owner.inputs.map((name) => present(known.get(name)));
  const theirs = parametersOf(owner, ofOwner, present(known.get(owner.name)));
  const own = parametersOf(layer, inputs, shape);
  if (own === theirs) return undefined;
  return new Misfit('weightsOf', `found ${owner.name} with ${theirs}`, `expected a layer with ${own}`);
}

/** `kernel [3, 3, 1, 4], bias [4]` */
function parametersOf({ type, name, options }: Layer, inputs: readonly Shape[], shape: Shape): string {
  const program = new ProgramBuilder(false);
  const tensors = inputs.map((input, n): Tensor => ({ name: `x${n}`, shape: input, role: 'input' }));
  definitionOf(type).forward(new LayerBuilder(program, name, tensors, shape), options);
  const own = program.parameters.map((one) => `${one.name.slice(name.length + 1)} [${one.shape.join(', ')}]`);
  return own.length === 0 ? 'no weights' : own.join(', ');
}

function located(position: number, { option, found, expected }: Misfit): Problem {
  return { path: `layers[${position}]${option === '' ? '' : `.${option}`}`, found, expected };
}
