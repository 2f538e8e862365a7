import { isPool, type NetworkSpec, type Stage } from '../core/network.ts';
import { requirePeer, versionOf } from '../core/peers.ts';
import { SAMPLE_COUNT } from '../core/samples.ts';
import type { Engine, Task } from './engine.ts';
import { flatParameters, scatter, weightsOf } from './layout.ts';

/** ConvNetJS comes without types; this is what is used of it. */
interface ConvNetJS {
  Net: new () => Net;
  Trainer: new (net: Net, options: object) => Trainer;
  Vol: new (width: number, height: number, depth: number, value: number) => Vol;
  RegressionLayer: new (options: object) => Layer;
}
interface Vol {
  readonly w: Float64Array;
}
interface Layer {
  readonly filters?: Vol[];
  readonly biases: Vol;
}
interface Net {
  readonly layers: Layer[];
  makeLayers(definitions: object[]): void;
  forward(input: Vol): Vol;
}
interface Trainer {
  learning_rate: number;
  batch_size: number;
  k: number;
  train(input: Vol, target: number | number[]): void;
}

/** The network in ConvNetJS, trained by its own trainer: plain gradient descent on the mean of a batch. */
export async function load({ spec, stages, samples }: Task): Promise<Engine> {
  const convnetjs = requirePeer<ConvNetJS>('convnetjs');
  const net = makeNet(convnetjs, spec, stages);
  const trainer = new convnetjs.Trainer(net, { method: 'sgd', batch_size: 1, momentum: 0, l1_decay: 0, l2_decay: 0 });
  const inputs = samples.inputs.map((input) => volume(convnetjs, spec, input));
  const targets = samples.targets.map((target) => (spec.loss === 'squaredError' ? target.slice() : target.indexOf(1)));
  return {
    version: versionOf('convnetjs'),
    reset: () => copyParameters(net, stages, samples.parameters),
    forward(batch, calls) {
      for (let k = 0; k < batch * calls; k++) net.forward(inputs[k % SAMPLE_COUNT]!);
    },
    step(batch, calls, rate) {
      trainer.learning_rate = rate;
      trainer.batch_size = batch;
      // It steps whenever the number of samples so far is a multiple of the batch size.
      trainer.k = 0;
      for (let k = 0; k < batch * calls; k++) trainer.train(inputs[k % SAMPLE_COUNT]!, targets[k % SAMPLE_COUNT]!);
    },
    output: (first, batch) => inputs.slice(first, first + batch).flatMap((input) => [...net.forward(input).w]),
    parameters: () => readParameters(net),
    another: () => makeNet(convnetjs, spec, stages),
  };
}

function makeNet(convnetjs: ConvNetJS, spec: NetworkSpec, stages: readonly Stage[]): Net {
  const net = new convnetjs.Net();
  const [height, width, channels] = spec.input;
  net.makeLayers([
    { type: 'input', out_sx: width, out_sy: height, out_depth: channels },
    ...stages.map((stage) => definition(stage)),
  ]);
  if (spec.loss === 'squaredError') {
    // By its definition this layer would bring a linear dense layer of its own.
    const outputs = stages.at(-1)!.output[2];
    net.layers.push(new convnetjs.RegressionLayer({ in_sx: 1, in_sy: 1, in_depth: outputs }));
  }
  return net;
}

function definition(stage: Stage): object {
  if (isPool(stage)) {
    return { type: 'pool', sx: stage.size, stride: stage.size };
  }
  const [, , outputs] = stage.output;
  const { activation } = stage;
  if (activation === 'softmax') {
    // This brings its own dense layer.
    return { type: 'softmax', num_classes: outputs };
  }
  return stage.type === 'dense'
    ? { type: 'fc', num_neurons: outputs, activation }
    : { type: 'conv', sx: stage.size, filters: outputs, pad: stage.pad, activation };
}

function volume(convnetjs: ConvNetJS, spec: NetworkSpec, input: readonly number[]): Vol {
  const [height, width, channels] = spec.input;
  const vol = new convnetjs.Vol(width, height, channels, 0);
  // Rows, columns, channels, as everywhere here.
  vol.w.set(input);
  return vol;
}

/** ConvNetJS's layers with weights; the order is that of the spec. */
function weighted(net: Net): { filters: Vol[]; biases: Vol }[] {
  return net.layers.flatMap(({ filters, biases }) => (filters ? [{ filters, biases }] : []));
}

/** ConvNetJS keeps one kernel a filter; the spec has the filters innermost. */
function filtersFirst(filters: readonly Vol[]): number[] {
  const taps = filters[0]!.w.length;
  return filters.flatMap((_, o) => Array.from({ length: taps }, (_, tap) => tap * filters.length + o));
}

function copyParameters(net: Net, stages: readonly Stage[], parameters: readonly number[]): void {
  const weights = weightsOf(stages, parameters);
  for (const [n, { filters, biases }] of weighted(net).entries()) {
    const places = filtersFirst(filters).values();
    for (const { w } of filters)
      for (let tap = 0; tap < w.length; tap++) w[tap] = weights[n]!.kernel[places.next().value!]!;
    biases.w.set(weights[n]!.bias);
  }
}

function readParameters(net: Net): number[] {
  return flatParameters(
    weighted(net).map(({ filters, biases }) => ({
      kernel: scatter(
        filters.flatMap(({ w }) => [...w]),
        filtersFirst(filters),
      ),
      bias: [...biases.w],
    })),
  );
}
