import { parameterShapes } from '../../generator/reference/interpreter.ts';
import type { Layer, Network } from '../../generator/spec/network.ts';
import type { Sample } from '../../test/execution/sample.ts';
import type { Tensor, TensorFlow } from '../engines/tfjsTypes.ts';
import { activate, losses, type Mode, operators } from './operators.ts';

/** What TensorFlow.js computes of a network, in float32. */
export interface Evaluated {
  readonly output: Float32Array;
  /** By all parameters in the order of the spec; also by frozen statistics, as if they were not frozen. */
  readonly gradients: Float32Array;
  readonly inputGradient: Float32Array;
}

/** Runs a sample's network forward and backward in TensorFlow.js. */
export function evaluate(tf: TensorFlow, { network, parameters, input, given }: Sample): Evaluated {
  return tf.tidy(() => {
    const shapes = parameterShapes(network);
    const tensors = shapes.map(({ shape, offset }) => {
      const size = shape.reduce((a, b) => a * b, 1);
      return tf.tensor(parameters.slice(offset, offset + size), shape);
    });
    const x = tf.tensor(input, [1, ...network.input]);
    const { y } = run({ tf, native: true }, network, x, tensors);
    const outputs = y.shape.reduce((a, b) => a * b, 1);
    const t = tf.tensor(given, [outputs]);
    const objective = (...all: Tensor[]): Tensor => {
      const [from, ...weights] = all as [Tensor, ...Tensor[]];
      const end = run({ tf, native: false }, network, from, weights);
      const value = network.loss ? losses[network.loss]!(tf, end.y, end.z, t) : end.y.reshape([outputs]).mul(t).sum();
      // It refuses a variable that the value does not depend on, as in an unused branch.
      return all.reduce((sum, one) => sum.add(one.sum().mul(0)), value);
    };
    const { grads } = tf.valueAndGrads(objective)([x, ...tensors]);
    const [inputGradient, ...gradients] = grads.map((gradient) => gradient.dataSync());
    return { output: y.dataSync(), gradients: joined(gradients), inputGradient: inputGradient! };
  });
}

interface End {
  readonly y: Tensor;
  /** What the last activation was applied to. */
  readonly z: Tensor;
}

function run(mode: Mode, network: Network, input: Tensor, parameters: readonly Tensor[]): End {
  const values = new Map<string, End>([['input', { y: input, z: input }]]);
  const shapes = parameterShapes(network);
  for (const layer of network.layers) {
    const own = parameters.filter((_, k) => shapes[k]!.name.startsWith(`${layer.name}/`));
    const inputs = layer.inputs.map((name) => values.get(name)!);
    values.set(layer.name, apply(mode, layer, inputs, own));
  }
  return values.get(network.layers.at(-1)!.name)!;
}

function apply(mode: Mode, layer: Layer, inputs: readonly End[], parameters: readonly Tensor[]): End {
  const { options } = layer;
  // The types of a kind and of its options belong together, which TypeScript does not see through the lookup.
  const operator = operators[layer.type] as (
    mode: Mode,
    inputs: readonly Tensor[],
    options: unknown,
    parameters: readonly Tensor[],
  ) => Tensor;
  const z = operator(
    mode,
    inputs.map(({ y }) => y),
    options,
    parameters,
  );
  if ('activation' in options) return { y: activate(mode, options.activation, options, z), z };
  // A view of what an activation gave is still its output: a loss is computed from before it.
  const isView = layer.type === 'flatten' || layer.type === 'reshape';
  return { y: z, z: isView ? inputs[0]!.z : z };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  return Float32Array.from(parts.flatMap((part) => [...part]));
}
