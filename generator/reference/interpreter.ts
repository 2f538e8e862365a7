import type { Layer, Network, Shape } from '../spec/network.ts';
import { activate } from './activations.ts';
import { ruleOf } from './layers.ts';
import { lossOf, takesClasses } from './losses.ts';
import { elementCount, type Tensor, tensor } from './tensor.ts';

/** A parameter of the network: its full name, and where it begins in the flat array. */
export interface Parameter {
  readonly name: string;
  readonly shape: Shape;
  readonly offset: number;
  /** A statistic: it never learns, and may be a variance. */
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
  const shapes = new Map<string, Shape>([['input', network.input]]);
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
    for (const parameter of ruleOf(layer).parameters(layer.options, inputsOf(layer, shapes))) {
      const isFrozen = parameter.statistic || layer.trainable === false;
      const name = `${layer.name}/${parameter.name}`;
      parameters.push({ ...parameter, ...(isFrozen && { frozen: true }), name, offset });
      offset += elementCount(parameter.shape);
    }
  }
  return parameters;
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
  const outputs = new Map([['input', tensor('input', network.input, input)]]);
  const preActivations = new Map<string, Tensor>();
  let output = outputs.get('input')!;
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
  return { outputs, preActivations, output };
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
  if (network.loss === undefined) throw new Error(`${network.name}: the network has no loss`);
  const evaluation = evaluate(network, parameters, input);
  const last = activatingLayer(network);
  const activation = last !== undefined && 'activation' in last.options ? last.options.activation : 'linear';
  const z = last === undefined ? evaluation.output : evaluation.preActivations.get(last.name)!;
  return lossOf(network.loss, { y: evaluation.output, z, activation }, target, network.lossOptions);
}

/** The layer that the output's numbers come from: flatten and reshape hand them on as they are, in the same order. */
function activatingLayer(network: Network): Layer | undefined {
  let layer = network.layers.at(-1);
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

/** What a network's `backward` takes: the target of its loss, or ∂L/∂output without one. */
export function givenOf(network: Network): Given {
  const shape = layerShapes(network).get(network.layers.at(-1)!.name)!;
  const count = elementCount(shape);
  if (network.loss === undefined || !takesClasses(network.loss)) return { count, classes: undefined };
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
