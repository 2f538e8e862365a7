import type { Layer, Network, Shape } from '../spec/network.ts';
import { activate } from './activations.ts';
import { ruleOf } from './layers.ts';
import { type LossName, lossOf, takesClasses } from './losses.ts';
import { elementCount, type Tensor, tensor } from './tensor.ts';

/** A parameter of the network: its full name, and where it begins in the flat array. */
export interface Parameter {
  readonly name: string;
  readonly shape: Shape;
  readonly offset: number;
  /** A statistic: it may be a variance. */
  readonly statistic?: true;
  /** It does not learn, as a statistic or in a layer that is held fixed: its gradient is zero by definition. */
  readonly frozen?: true;
}

/** Everything that one forward pass computes, by layer name. */
export interface Evaluation {
  /** The outputs of the layers; under `'input'` the network's input. */
  readonly outputs: ReadonlyMap<string, Tensor>;
  /** What each layer's activation is applied to; the output itself where a layer has none. */
  readonly preActivations: ReadonlyMap<string, Tensor>;
  /** The output of the last layer. */
  readonly output: Tensor;
}

/** The output shape of every layer by name, and the input's under `'input'`. */
export function layerShapes(network: Network): ReadonlyMap<string, Shape> {
  const named = network.inputs?.map(({ name, shape }) => [name, shape] as const);
  const shapes = new Map<string, Shape>(named ?? [['input', network.input]]);
  for (const layer of network.layers) {
    shapes.set(layer.name, ruleOf(layer).shape(layer.options, inputsOf(layer, shapes)));
  }
  return shapes;
}

/** Every parameter in the order of the flat array: layer by layer, the kernel before the bias, row-major. */
export function parameterShapes(network: Network): readonly Parameter[] {
  const shapes = layerShapes(network);
  const parameters: Parameter[] = [];
  let offset = 0;
  for (const layer of network.layers) {
    // A layer that uses another's weights has none of its own.
    if (layer.weightsOf !== undefined) continue;
    for (const { learns, ...parameter } of ruleOf(layer).parameters(layer.options, inputsOf(layer, shapes))) {
      const isFrozen = !(learns ?? !parameter.statistic) || layer.trainable === false;
      const name = `${layer.name}/${parameter.name}`;
      parameters.push({ ...parameter, ...(isFrozen && { frozen: true }), name, offset });
      offset += elementCount(parameter.shape);
    }
  }
  return parameters;
}

/** A layer that multiplies by a mask while a batch trains, and how many numbers that has. */
export interface MaskedLayer {
  readonly name: string;
  readonly count: number;
  /** The share of zeros, and what its random numbers begin with; default: its position among such layers. */
  readonly rate: number;
  readonly seed?: number | undefined;
}

export function maskedLayers(network: Network): readonly MaskedLayer[] {
  const shapes = layerShapes(network);
  return network.layers.flatMap((layer) => {
    const drawn = ruleOf(layer).mask?.(layer.options);
    return drawn === undefined ? [] : [{ name: layer.name, count: elementCount(shapes.get(layer.name)!), ...drawn }];
  });
}

/** The network as it computes while its masks are these, in the order of `maskedLayers`. */
export function withMasks(network: Network, masks: readonly ArrayLike<number>[]): Network {
  const names = maskedLayers(network).map(({ name }) => name);
  const layers = network.layers.map((layer) => {
    const mask = masks[names.indexOf(layer.name)];
    return mask === undefined ? layer : { ...layer, options: { ...layer.options, mask } };
  });
  return { ...network, layers: layers as Network['layers'] };
}

/** How many numbers the flat array of parameters holds. */
export function parameterCount(network: Network): number {
  let count = 0;
  for (const { shape } of parameterShapes(network)) count += elementCount(shape);
  return count;
}

/**
 * One forward pass, with everything it computes.
 *
 * `parameters` is flat as in `parameterShapes`, `input` row-major in the network's input shape; a wrong length throws a
 * RangeError that names what was expected.
 */
export function evaluate(network: Network, parameters: ArrayLike<number>, input: ArrayLike<number>): Evaluation {
  const tensors = splitParameters(network, parameters);
  const outputs = inputTensors(network, input);
  const preActivations = new Map<string, Tensor>();
  let output: Tensor | undefined;
  for (const layer of network.layers) {
    const z = ruleOf(layer).forward(
      layer.options,
      inputsOf(layer, outputs),
      tensors.get(layer.weightsOf ?? layer.name)!,
    );
    output = 'activation' in layer.options ? activate(layer.options.activation, layer.options, z) : z;
    preActivations.set(layer.name, z);
    outputs.set(layer.name, output);
  }
  return { outputs, preActivations, output: output! };
}

/** The network's input under `'input'`, or its inputs by their names: they stand one after the other in the flat one. */
function inputTensors(network: Network, input: ArrayLike<number>): Map<string, Tensor> {
  const whole = tensor('input', network.input, input);
  if (network.inputs === undefined) return new Map([['input', whole]]);
  return new Map(
    network.inputs.map(({ name, shape, offset }) => {
      const values = whole.values.subarray(offset, offset + elementCount(shape));
      return [name, { shape, values }];
    }),
  );
}

/** The network's output, row-major in the last layer's shape; arguments as for `evaluate`. */
export function forward(network: Network, parameters: ArrayLike<number>, input: ArrayLike<number>): Float64Array {
  return evaluate(network, parameters, input).output.values;
}

/** The network's loss for a target of as many numbers as the output; arguments as for `evaluate`. */
export function loss(
  network: Network,
  parameters: ArrayLike<number>,
  input: ArrayLike<number>,
  target: ArrayLike<number>,
): number {
  if (!trainsByLoss(network)) throw new Error(`${network.name}: the network has no loss`);
  return evaluatedLoss(network, evaluate(network, parameters, input), target);
}

/** The loss of a forward pass, of a network that has one. */
export function evaluatedLoss(network: Network, evaluation: Evaluation, target: ArrayLike<number>): number {
  if (network.outputs === undefined) {
    const last = network.layers.at(-1)!.name;
    return lossAt(network, evaluation, last, network.loss!, target, network.lossOptions);
  }
  // Σ weight·loss over the outputs that have one; their targets stand one after the other.
  let total = 0;
  let next = 0;
  for (const { name, loss: one, lossOptions, weight } of network.outputs) {
    if (one === undefined) continue;
    const part = new Float64Array(givenFor(one, evaluation.outputs.get(name)!.shape).count);
    for (let k = 0; k < part.length; k++) part[k] = target[next + k]!;
    next += part.length;
    total += weight * lossAt(network, evaluation, name, one, part, lossOptions);
  }
  if (target.length !== next) throw new RangeError(`target: expected ${next} numbers, found ${target.length}`);
  return total;
}

/** The loss of one layer's output. */
function lossAt(
  network: Network,
  { outputs, preActivations }: Evaluation,
  name: string,
  one: LossName,
  target: ArrayLike<number>,
  options: Network['lossOptions'],
): number {
  const y = outputs.get(name)!;
  const last = activatingLayer(network, name);
  const activation = last !== undefined && 'activation' in last.options ? last.options.activation : 'linear';
  const z = last === undefined ? y : preActivations.get(last.name)!;
  return lossOf(one, { y, z, activation }, target, options);
}

/** Whether the network has a loss, or one for some of its outputs. */
function trainsByLoss({ loss: one, outputs }: Network): boolean {
  return one !== undefined || (outputs?.some((output) => output.loss !== undefined) ?? false);
}

/** The layer that an output's numbers come from: flatten and reshape hand them on as they are, in the same order. */
function activatingLayer(network: Network, name: string): Layer | undefined {
  let layer = network.layers.find((one) => one.name === name);
  while (layer?.type === 'flatten' || layer?.type === 'reshape') {
    const [source] = layer.inputs;
    layer = network.layers.find(({ name }) => name === source);
  }
  return layer;
}

/** What `backward` takes: numbers in the output's shape, or a class number for each of its places. */
export interface Given {
  readonly count: number;
  /** How many classes there are; undefined for plain numbers. */
  readonly classes: number | undefined;
}

/**
 * What a network's `backward` takes: the target of its loss, or ∂L/∂output without one; of several losses the targets, one
 * after the other.
 */
export function givensOf(network: Network): readonly Given[] {
  const shapes = layerShapes(network);
  const whole = shapes.get(network.layers.at(-1)!.name)!;
  if (network.outputs === undefined || !trainsByLoss(network)) return [givenFor(network.loss, whole)];
  return network.outputs
    .filter((output) => output.loss !== undefined)
    .map((output) => givenFor(output.loss, shapes.get(output.name)!));
}

function givenFor(one: LossName | undefined, shape: Shape): Given {
  const count = elementCount(shape);
  if (one === undefined || !takesClasses(one)) return { count, classes: undefined };
  return { count: count / shape.at(-1)!, classes: shape.at(-1)! };
}

function splitParameters(network: Network, parameters: ArrayLike<number>): ReadonlyMap<string, readonly Tensor[]> {
  const flat = tensor('parameters', [parameterCount(network)], parameters).values;
  const shapes = layerShapes(network);
  let offset = 0;
  const take = (shape: Shape): Tensor => {
    const start = offset;
    offset += elementCount(shape);
    return { shape, values: flat.subarray(start, offset) };
  };
  return new Map(
    network.layers
      .filter(({ weightsOf }) => weightsOf === undefined)
      .map((layer) => {
        const own = ruleOf(layer).parameters(layer.options, inputsOf(layer, shapes));
        return [layer.name, own.map(({ shape }) => take(shape))];
      }),
  );
}

function inputsOf<T>(layer: Layer, values: ReadonlyMap<string, T>): readonly T[] {
  return layer.inputs.map((name) => {
    const value = values.get(name);
    if (value === undefined) throw new Error(`${layer.name}: '${name}' is no earlier layer`);
    return value;
  });
}
