import { plus, rowMajor } from '../equations/affine.ts';
import type { Equation, Program, View } from '../equations/equation.ts';
import { read } from '../equations/expression.ts';
import { countParameters, learningRuns } from '../equations/parameters.ts';
import { storageOf, type Tensor } from '../equations/tensor.ts';
import { LayerBuilder, ProgramBuilder } from '../layers/builder.ts';
import type { LayerDefinition } from '../layers/layer.ts';
import type { LossDefinition } from '../layers/losses/loss.ts';
import { losses } from '../layers/losses/registry.ts';
import { defineLoss, defineLosses } from '../layers/losses.ts';
import { writeStep } from '../layers/optimizers.ts';
import type { ActivationName } from '../layers/options.ts';
import { layers } from '../layers/registry.ts';
import { present } from '../lists.ts';
import { lossesOf } from '../spec/losses.ts';
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
  const builder = new ProgramBuilder(!asked.inference);
  const input: Tensor = { name: 'x', shape: network.input, role: 'input' };
  const views: View[] = [];
  const outputs = writeLayers(network, builder, input, views);
  const last = present(outputs.get(network.layers.at(-1)?.name ?? 'input'));
  const forward = [...builder.forward];
  const end = asked.inference ? undefined : writeLoss(network, builder, outputs, views);
  return {
    form,
    input,
    output: storageOf(last),
    parameters: builder.parameters,
    masks: builder.masks,
    statistics: builder.statistics,
    views,
    target: end?.target,
    loss: end?.loss,
    forward,
    backward: builder.forward.slice(forward.length).map((one): Equation => ({ ...one, pass: 'loss' })),
    outputGradient: undefined,
    gradients: new Map(),
    inputGradient: undefined,
    wanted: asked.inference ? undefined : wantedOf(builder, input, asked.inputGradient ?? false),
    step: writeStep(
      network.optimizer,
      countParameters(builder.parameters),
      learningRuns(builder.parameters),
      builder.names,
    ),
    names: builder.names,
  };
}

/** The equations of the loss, or of the sum of the outputs' losses; nothing without one. */
function writeLoss(
  network: ShapedNetwork,
  builder: ProgramBuilder,
  outputs: ReadonlyMap<string, Tensor>,
  views: readonly View[],
) {
  const parts = lossesOf(network).map(({ layer, loss, options, weight }) => ({
    output: present(outputs.get(layer)),
    definition: losses[loss] as unknown as LossDefinition,
    options,
    activation: activationOf(network, layer, views),
    weight,
  }));
  const [first] = parts;
  if (first === undefined) return undefined;
  const judged = parts.map(({ output }) => output);
  const layer = new LayerBuilder(builder, lossLabel(network), judged, network.shapes.at(-1) ?? []);
  return network.outputs === undefined ? defineLoss(layer, first) : defineLosses(layer, parts);
}

function wantedOf({ parameters }: ProgramBuilder, input: Tensor, inputGradient: boolean): ReadonlySet<Tensor> {
  const wanted = parameters.filter(({ learns }) => learns).map(({ tensor }) => tensor);
  return new Set(inputGradient ? [...wanted, input] : wanted);
}

/** The activation that an output's numbers come from, through layers that only show them in another shape. */
function activationOf({ layers: all }: ShapedNetwork, output: string, views: readonly View[]): ActivationName {
  let layer = all.find(({ name }) => name === output);
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

/** The input, or the parts of it that have names. */
function namedInputs({ inputs }: ShapedNetwork, builder: ProgramBuilder, input: Tensor): [string, Tensor][] {
  if (inputs === undefined) return [['input', input]];
  if (inputs.length === 1) return [[inputs[0]!.name, input]];
  return inputs.map(({ name, shape, offset }) => {
    const part = new LayerBuilder(builder, name, [input], shape);
    const at = part.indices(shape);
    return [name, part.define('x', shape, at, read(input, [plus(rowMajor(at, shape), offset)]))];
  });
}

/** Runs every layer's forward; returns their outputs by name. Notes the layers that compute nothing. */
function writeLayers(
  network: ShapedNetwork,
  builder: ProgramBuilder,
  input: Tensor,
  views: View[],
): ReadonlyMap<string, Tensor> {
  const outputs = new Map<string, Tensor>(namedInputs(network, builder, input));
  for (const [position, layer] of network.layers.entries()) {
    const definition: LayerDefinition = layers[layer.type];
    const inputs = layer.inputs.map((name) => present(outputs.get(name)));
    const output = definition.forward(
      new LayerBuilder(builder, layer.name, inputs, network.shapes[position] ?? [], layer),
      layer.options,
    );
    const from = present(inputs[0]);
    if (inputs.length === 1 && storageOf(from) === storageOf(output))
      views.push({ layer: layer.name, from, to: output });
    outputs.set(layer.name, output);
  }
  return outputs;
}
