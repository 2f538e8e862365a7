import type { Equation, Program, View } from '../equations/equation.ts';
import { storageOf, type Tensor } from '../equations/tensor.ts';
import { LayerBuilder, ProgramBuilder } from '../layers/builder.ts';
import type { LayerDefinition } from '../layers/layer.ts';
import type { LossDefinition } from '../layers/losses/loss.ts';
import { losses } from '../layers/losses/registry.ts';
import { defineLoss } from '../layers/losses.ts';
import type { ActivationName } from '../layers/options.ts';
import { layers } from '../layers/registry.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import type { Pass } from './pass.ts';
import type { Source } from './source.ts';

export const write: Pass<'source', 'program'> = {
  name: 'write',
  does: 'every layer writes its forward equations, and the loss its own; no gradient yet',
  gives: 'program',
  rewrite: 'conv2d   →   z[i,j,o] = b[o] + Σ_{p,q,c} W[p,q,c,o]·x[i+p,j+q,c]',
  run: writeEquations,
};

export function writeEquations({ network, asked, form }: Source): Program {
  const builder = new ProgramBuilder();
  const input: Tensor = { name: 'x', shape: network.input, role: 'input' };
  const views: View[] = [];
  const last = writeLayers(network, builder, input, views);
  const forward = [...builder.forward];
  const end = asked.inference ? undefined : writeLoss(network, builder, last, views);
  return {
    form,
    input,
    output: storageOf(last),
    parameters: builder.parameters,
    views,
    target: end?.target,
    loss: end?.loss,
    forward,
    backward: builder.forward.slice(forward.length).map((one): Equation => ({ ...one, pass: 'loss' })),
    outputGradient: undefined,
    gradients: new Map(),
    inputGradient: undefined,
    wanted: asked.inference ? undefined : wantedOf(builder, input, asked.inputGradient ?? false),
    names: builder.names,
  };
}

function writeLoss(network: ShapedNetwork, builder: ProgramBuilder, last: Tensor, views: readonly View[]) {
  if (network.loss === undefined) return undefined;
  return defineLoss(
    new LayerBuilder(builder, lossLabel(network), [last], network.shapes.at(-1) ?? []),
    losses[network.loss] as unknown as LossDefinition,
    network.lossOptions,
    lastActivation(network, views),
  );
}

function wantedOf({ parameters }: ProgramBuilder, input: Tensor, inputGradient: boolean): ReadonlySet<Tensor> {
  const wanted = parameters.filter(({ learns }) => learns).map(({ tensor }) => tensor);
  return new Set(inputGradient ? [...wanted, input] : wanted);
}

/** The activation that the output's numbers come from, through layers that only show them in another shape. */
function lastActivation({ layers: all }: ShapedNetwork, views: readonly View[]): ActivationName {
  let layer = all.at(-1);
  while (layer !== undefined && !('activation' in layer.options) && views.some((view) => view.layer === layer?.name)) {
    const [source] = layer.inputs;
    layer = all.find(({ name }) => name === source);
  }
  return layer !== undefined && 'activation' in layer.options ? layer.options.activation : 'linear';
}

/** What the equations of the loss stand under: `loss`, unless a layer has that name. */
function lossLabel({ layers: others }: ShapedNetwork): string {
  let label = 'loss';
  while (others.some(({ name }) => name === label)) label += '_';
  return label;
}

/** Runs every layer's forward; returns the last layer's output. Notes the layers that compute nothing. */
function writeLayers(network: ShapedNetwork, builder: ProgramBuilder, input: Tensor, views: View[]): Tensor {
  const outputs = new Map<string, Tensor>([['input', input]]);
  let last = input;
  for (const [position, layer] of network.layers.entries()) {
    const definition: LayerDefinition = layers[layer.type];
    const inputs = layer.inputs.map((name) => outputs.get(name) as Tensor);
    last = definition.forward(
      new LayerBuilder(builder, layer.name, inputs, network.shapes[position] ?? [], layer),
      layer.options,
    );
    const from = inputs[0] as Tensor;
    if (inputs.length === 1 && storageOf(from) === storageOf(last)) views.push({ layer: layer.name, from, to: last });
    outputs.set(layer.name, last);
  }
  return last;
}
