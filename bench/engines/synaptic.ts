import { length } from '../core/network.ts';
import { requirePeer, versionOf } from '../core/peers.ts';
import { SAMPLE_COUNT } from '../core/samples.ts';
import { type Engine, type Task, unable } from './engine.ts';
import { weightsOf } from './layout.ts';

/** What is used of synaptic. */
interface Synaptic {
  Layer: new (size: number) => Layer;
  Network: new (layers: { input: Layer; hidden: Layer[]; output: Layer }) => Network;
  Neuron: { readonly squash: { readonly TANH: unknown } };
}
interface Neuron {
  squash: unknown;
  bias: number;
  project(to: Neuron, weight: number): void;
}
interface Layer {
  readonly list: Neuron[];
}
interface Network {
  activate(input: readonly number[]): number[];
}

/** Neurons wired as the convolutions say. A wire has a weight of its own, so that a kernel cannot be trained as one. */
export async function load({ spec, stages, samples }: Task): Promise<Engine> {
  const { Layer, Network, Neuron } = requirePeer<Synaptic>('synaptic');
  const layers = [length(spec.input), ...stages.map(({ output }) => length(output))].map((size) => new Layer(size));
  const weights = weightsOf(stages, samples.parameters);
  for (const [n, { stage, kernel, bias }] of weights.entries()) {
    const [from, to] = [layers[n]!.list, layers[n + 1]!.list];
    const [, inputWidth, channels] = stage.input;
    const [, width, filters] = stage.output;
    for (const [k, neuron] of to.entries()) {
      const [o, j, i] = [k % filters, Math.floor(k / filters) % width, Math.floor(k / filters / width)];
      neuron.squash = Neuron.squash.TANH;
      neuron.bias = bias[o]!;
      for (let tap = 0; tap < kernel.length / filters; tap++) {
        const [c, q, p] = [
          tap % channels,
          Math.floor(tap / channels) % stage.size,
          Math.floor(tap / channels / stage.size),
        ];
        from[((i + p) * inputWidth + j + q) * channels + c]!.project(neuron, kernel[tap * filters + o]!);
      }
    }
  }
  const network = new Network({ input: layers[0]!, hidden: layers.slice(1, -1), output: layers.at(-1)! });
  return {
    version: versionOf('synaptic'),
    reset() {},
    forward(batch, calls) {
      for (let k = 0; k < batch * calls; k++) network.activate(samples.inputs[k % SAMPLE_COUNT]!);
    },
    step: unable,
    output: (first, batch) => samples.inputs.slice(first, first + batch).flatMap((input) => network.activate(input)),
    parameters: () => samples.parameters,
  };
}
