import { LayerBuilder, ProgramBuilder } from '../layers/builder.ts';
import type { LayerDefinition } from '../layers/layer.ts';
import type { LossDefinition } from '../layers/losses/loss.ts';
import { losses } from '../layers/losses/registry.ts';
import { defineLoss } from '../layers/losses.ts';
import type { ActivationName } from '../layers/options.ts';
import { layers } from '../layers/registry.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { type Style, type StyleName, styles } from './arrange.ts';
import { commuteMaxima } from './commute.ts';
import { derive, joinSums } from './derive.ts';
import type { Equation, Program, View } from './equation.ts';
import type { Names } from './names.ts';
import { keepRead, rootsOf } from './needed.ts';
import { shareExponentials } from './softmax.ts';
import { isDifferentiable, storageOf, type Tensor } from './tensor.ts';

export interface ProgramOptions {
  /** Forward only. */
  readonly inference: boolean;
  /** Derive ∂L/∂x as well. */
  readonly inputGradient: boolean;
  /** Among forms that say the same. */
  readonly style: StyleName;
}

/** All equations of a network: the layers' forward equations, the loss, and the backward pass derived from them. */
export function writeEquations(network: ShapedNetwork, options: ProgramOptions): Program {
  const style: Style = styles[options.style];
  const builder = new ProgramBuilder();
  const input: Tensor = { name: 'x', shape: network.input, role: 'input' };
  const views: View[] = [];
  const last = writeLayers(network, builder, input, views);
  const output = storageOf(last);
  const forward = style.commute ? commuteMaxima(builder.forward, output, builder.names) : [...builder.forward];
  const shared = { style: options.style, input, output, parameters: builder.parameters, views };
  if (options.inference) {
    return withoutUnread({
      ...shared,
      forward: asSums(forward, style, builder.names),
      backward: [],
      target: undefined,
      loss: undefined,
      outputGradient: undefined,
      gradients: new Map(),
      inputGradient: undefined,
    });
  }
  const before = builder.forward.length;
  const label = lossLabel(network);
  const end =
    network.loss &&
    defineLoss(
      new LayerBuilder(builder, label, [last], network.shapes.at(-1) ?? []),
      losses[network.loss] as unknown as LossDefinition,
      network.lossOptions,
      lastActivation(network, views),
    );
  const lossEquations = builder.forward.slice(before).map((one) => ({ ...one, pass: 'loss' as const }));
  const wanted = new Set(builder.parameters.map(({ tensor }) => tensor).filter(isDifferentiable));
  if (options.inputGradient) wanted.add(input);
  const derived = derive([...forward, ...lossEquations], end?.loss ?? output, wanted, style.arrange, builder.names);
  const evaluated = asSums(
    derived.forward.filter(({ target }) => target !== end?.loss),
    style,
    builder.names,
  );
  const ofLoss = forLossAlone(evaluated, lossEquations, output);
  return withoutUnread({
    ...shared,
    target: end?.target,
    loss: end?.loss,
    forward: evaluated.filter((one) => !ofLoss.includes(one)),
    backward: [
      ...ofLoss.map((one) => ({ ...one, layer: label, pass: 'loss' as const })),
      ...lossEquations.filter(({ target }) => !ofLoss.some((one) => one.target === target)),
      ...style.finish(derived.backward, builder.names),
    ],
    outputGradient: end ? undefined : derived.gradientOf.get(output),
    gradients: new Map([...derived.gradientOf].filter(([tensor]) => tensor.role === 'parameter')),
    inputGradient: options.inputGradient ? (derived.gradientOf.get(input) ?? noGradient(input)) : undefined,
  });
}

/** The gradient of what the loss does not depend on, behind a function whose derivative is 0: nothing is added to it. */
function noGradient({ name, shape }: Tensor): Tensor {
  return { name: `d${name}`, shape, role: 'gradient' };
}

/** What a layer scatters is computed as one sum for each element, as gradients are. */
function asSums(forward: readonly Equation[], { arrange }: Style, names: Names): readonly Equation[] {
  return shareExponentials(joinSums(forward.map((one) => arrange(one, undefined))), names);
}

/** What the loss depends on and the output does not: l = log Σ exp(z − m), as softmax divides by the sum itself. */
function forLossAlone(forward: readonly Equation[], loss: readonly Equation[], output: Tensor): readonly Equation[] {
  const asked = new Set(keepRead(forward, new Set([storageOf(output)])));
  const read = new Set(keepRead([...forward, ...loss], new Set(loss.map(({ target }) => storageOf(target)))));
  return forward.filter((one) => !asked.has(one) && read.has(one));
}

/** Leaves out what nobody reads, such as log Σ exp(z − m) where no loss asks for it. */
function withoutUnread(program: Program): Program {
  const read = new Set(keepRead([...program.forward, ...program.backward], rootsOf(program)));
  const kept = (equations: readonly Equation[]): readonly Equation[] => equations.filter((one) => read.has(one));
  return { ...program, forward: kept(program.forward), backward: kept(program.backward) };
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
      new LayerBuilder(builder, layer.name, inputs, network.shapes[position] ?? [], layer.weightsOf),
      layer.options,
    );
    const from = inputs[0] as Tensor;
    if (inputs.length === 1 && storageOf(from) === storageOf(last)) views.push({ layer: layer.name, from, to: last });
    outputs.set(layer.name, last);
  }
  return last;
}
