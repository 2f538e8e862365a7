import { createRequire } from 'node:module';
import { type Convolution, isPool, kernelLength, type NetworkSpec, type Stage, stagesOf } from './network.ts';
import type { Runner } from './runner.ts';
import { SAMPLE_COUNT, type Samples } from './samples.ts';

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
  train(input: Vol, target: number | number[]): void;
}

const ATAN_NOTE = 'ConvNetJS has no atan: tanh in its place, checked against longhand with tanh in its place';

/** The network in ConvNetJS, trained by its own trainer: plain gradient descent, one sample a step. */
export function startConvNetJSRunner(spec: NetworkSpec, samples: Samples): Runner {
  const convnetjs: ConvNetJS = createRequire(import.meta.url)('convnetjs');
  const stages = stagesOf(spec);
  const net = makeNet(convnetjs, spec, stages);
  const trainer = new convnetjs.Trainer(net, { method: 'sgd', batch_size: 1, momentum: 0, l1_decay: 0, l2_decay: 0 });
  const inputs = samples.inputs.map((input) => volume(convnetjs, spec, input));
  const targets = samples.targets.map((target) => (spec.loss === 'squaredError' ? target.slice() : target.indexOf(1)));
  const forward = (count: number) => {
    for (let k = 0; k < count; k++) net.forward(inputs[k % SAMPLE_COUNT]!);
  };
  const step = (count: number) => {
    for (let k = 0; k < count; k++) trainer.train(inputs[k % SAMPLE_COUNT]!, targets[k % SAMPLE_COUNT]!);
  };
  return {
    name: 'ConvNetJS',
    tolerance: 1e-12,
    ...(hasAtan(spec) ? { note: ATAN_NOTE } : {}),
    reset: async () => copyParameters(net, stages, samples.parameters),
    async run(task, count, rate) {
      trainer.learning_rate = rate;
      const start = performance.now();
      (task === 'forward' ? forward : step)(count);
      return ((performance.now() - start) * 1e6) / count;
    },
    output: async (sample) => [...net.forward(inputs[sample]!).w],
    parameters: async () => readParameters(net, stages),
    close() {},
  };
}

function hasAtan(spec: NetworkSpec): boolean {
  return spec.layers.some((layer) => 'activation' in layer && layer.activation === 'atan');
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
  if (stage.activation === 'softmax') {
    // This brings its own dense layer.
    return { type: 'softmax', num_classes: outputs };
  }
  const activation = stage.activation === 'atan' ? 'tanh' : stage.activation;
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

/** ConvNetJS's layers with weights, each beside its stage; the order is the same. */
function weighted(net: Net, stages: readonly Stage[]): { stage: Convolution; filters: Vol[]; biases: Vol }[] {
  const convolutions = stages.filter((stage) => !isPool(stage));
  return net.layers
    .flatMap(({ filters, biases }) => (filters ? [{ filters, biases }] : []))
    .map((layer, n) => ({ stage: convolutions[n]!, ...layer }));
}

/** ConvNetJS keeps one kernel a filter, we keep the filters innermost. */
function copyParameters(net: Net, stages: readonly Stage[], parameters: readonly number[]): void {
  let offset = 0;
  for (const { stage, filters, biases } of weighted(net, stages)) {
    for (const [o, { w }] of filters.entries()) {
      for (let tap = 0; tap < w.length; tap++) w[tap] = parameters[offset + tap * filters.length + o]!;
    }
    offset += kernelLength(stage);
    biases.w.set(parameters.slice(offset, offset + filters.length));
    offset += filters.length;
  }
}

function readParameters(net: Net, stages: readonly Stage[]): number[] {
  return weighted(net, stages).flatMap(({ stage, filters, biases }) => {
    const at = (k: number) => filters[k % filters.length]!.w[Math.floor(k / filters.length)]!;
    return [...Array.from({ length: kernelLength(stage) }, (_, k) => at(k)), ...biases.w];
  });
}
