import { LayerBuilder, ProgramBuilder } from '../layers/builder.ts';
import type { LayerDefinition } from '../layers/layer.ts';
import { defineLoss } from '../layers/losses.ts';
import { layers } from '../layers/registry.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { commuteMaxima } from './commute.ts';
import { derive } from './derive.ts';
import type { Program } from './equation.ts';
import { storageOf, type Tensor } from './tensor.ts';

export interface ProgramOptions {
  /** Forward only. */
  readonly inference: boolean;
  /** Derive ∂L/∂x as well. */
  readonly inputGradient: boolean;
  /** Save work: a maximum and a relu change places, sums behind a max pool follow its winners. Else the literal equations. */
  readonly commute: boolean;
}

/** All equations of a network: the layers' forward equations, the loss, and the backward pass derived from them. */
export function writeEquations(network: ShapedNetwork, options: ProgramOptions): Program {
  const builder = new ProgramBuilder();
  const input: Tensor = { name: 'x', shape: network.input, role: 'input' };
  const last = writeLayers(network, builder, input);
  const output = storageOf(last);
  const forward = options.commute ? commuteMaxima(builder.forward, output) : [...builder.forward];
  const shared = { input, output, parameters: builder.parameters };
  if (options.inference) {
    return {
      ...shared,
      forward,
      backward: [],
      target: undefined,
      loss: undefined,
      outputGradient: undefined,
      gradients: new Map(),
      inputGradient: undefined,
    };
  }
  const before = builder.forward.length;
  const end =
    network.loss && defineLoss(new LayerBuilder(builder, 'loss', [last], network.shapes.at(-1) ?? []), network.loss);
  const lossEquations = builder.forward.slice(before);
  const wanted = new Set(builder.parameters.map(({ tensor }) => tensor));
  if (options.inputGradient) wanted.add(input);
  const derived = derive([...forward, ...lossEquations], end?.loss ?? output, wanted, options.commute);
  const isLoss = (target: Tensor): boolean => target === end?.loss;
  return {
    ...shared,
    target: end?.target,
    loss: end?.loss,
    forward: derived.forward.filter(({ target }) => !isLoss(target)),
    backward: [...lossEquations, ...derived.backward],
    outputGradient: end ? undefined : derived.gradientOf.get(output),
    gradients: new Map([...derived.gradientOf].filter(([tensor]) => tensor.role === 'parameter')),
    inputGradient: options.inputGradient ? derived.gradientOf.get(input) : undefined,
  };
}

/** Runs every layer's forward; returns the last layer's output. */
function writeLayers(network: ShapedNetwork, builder: ProgramBuilder, input: Tensor): Tensor {
  const outputs = new Map<string, Tensor>([['input', input]]);
  let last = input;
  for (const [position, layer] of network.layers.entries()) {
    const definition: LayerDefinition = layers[layer.type];
    const inputs = layer.inputs.map((name) => outputs.get(name) as Tensor);
    last = definition.forward(
      new LayerBuilder(builder, layer.name, inputs, network.shapes[position] ?? []),
      layer.options,
    );
    outputs.set(layer.name, last);
  }
  return last;
}
