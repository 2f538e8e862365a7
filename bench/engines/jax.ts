import { isPool, length, type Stage } from '../core/network.ts';
import { importPeer, versionOf } from '../core/peers.ts';
import { SAMPLE_COUNT } from '../core/samples.ts';
import type { Engine, Task } from './engine.ts';
import { channelsFirstPlaces, flatParameters, flattenedImages, gather, scatter, weightsOf } from './layout.ts';

/** What is used of jax-js. Passing an array hands it over; `ref` keeps it. */
interface JaxArray {
  readonly ref: JaxArray;
  readonly shape: number[];
  add(other: JaxArray | number): JaxArray;
  sub(other: JaxArray | number): JaxArray;
  mul(other: JaxArray | number): JaxArray;
  sum(): JaxArray;
  reshape(shape: number[]): JaxArray;
  slice(...ranges: (readonly [number, number] | readonly [])[]): JaxArray;
  data(): Promise<Float32Array>;
  dispose(): void;
}
type Parameters = JaxArray[];
interface Jax {
  init(device: string): Promise<string[]>;
  defaultDevice(device: string): void;
  jit<F>(f: F): F;
  grad<F extends (p: Parameters, ...rest: JaxArray[]) => JaxArray>(
    f: F,
  ): (p: Parameters, ...rest: JaxArray[]) => Parameters;
  blockUntilReady<T>(value: T): Promise<T>;
  readonly numpy: {
    array(values: Float32Array): JaxArray;
    matmul(a: JaxArray, b: JaxArray): JaxArray;
    max(x: JaxArray, axes: number[]): JaxArray;
    tanh(x: JaxArray): JaxArray;
    atan(x: JaxArray): JaxArray;
  };
  readonly nn: {
    relu(x: JaxArray): JaxArray;
    softmax(x: JaxArray, axis: number): JaxArray;
    logSoftmax(x: JaxArray, axis: number): JaxArray;
  };
  readonly lax: { conv(x: JaxArray, kernel: JaxArray, strides: number[], padding: string): JaxArray };
}

/** The network in jax-js, jitted, on its WebAssembly device. */
export async function load({ spec, stages, samples }: Task): Promise<Engine> {
  const jax = await importPeer<Jax>('@jax-js/jax');
  await jax.init('wasm');
  jax.defaultDevice('wasm');
  const { numpy: np, nn } = jax;
  const array = (values: readonly number[], shape: number[]) => np.array(Float32Array.from(values)).reshape(shape);
  const layout = layoutOf(stages);
  const initial = (): Parameters =>
    weightsOf(stages, samples.parameters).flatMap(({ kernel, bias }, n) => {
      const { places, shape } = layout[n]!;
      return [array(gather(kernel, places), shape), array(bias, [bias.length])];
    });
  const isClassifier = spec.loss === 'categoricalCrossentropy';
  const predict = jax.jit((parameters: Parameters, x: JaxArray) => {
    const z = logitsOf(jax, stages, parameters, x);
    return isClassifier ? nn.softmax(z, -1) : z;
  });
  const loss = (parameters: Parameters, x: JaxArray, t: JaxArray): JaxArray => {
    const batch = t.shape[0]!;
    const z = logitsOf(jax, stages, parameters, x);
    if (isClassifier)
      return nn
        .logSoftmax(z, -1)
        .mul(t)
        .sum()
        .mul(-1 / batch);
    const difference = z.sub(t);
    return difference.ref
      .mul(difference)
      .sum()
      .mul(0.5 / batch);
  };
  const gradient = jax.grad(loss);
  const update = jax.jit((parameters: Parameters, x: JaxArray, t: JaxArray, rate: JaxArray): Parameters => {
    const gradients = gradient(
      parameters.map(({ ref }) => ref),
      x,
      t,
    );
    const stepped = parameters.map((parameter, k) => parameter.sub(gradients[k]!.mul(rate.ref)));
    rate.dispose();
    return stepped;
  });
  const batches = batchesOf(
    samples,
    array,
    [spec.input[2], spec.input[0], spec.input[1]],
    length(stages.at(-1)!.output),
  );
  let parameters = initial();
  const kept = () => parameters.map(({ ref }) => ref);
  return {
    version: versionOf('@jax-js/jax'),
    reset() {
      for (const parameter of parameters) parameter.dispose();
      parameters = initial();
    },
    async forward(batch, calls) {
      const { inputs } = batches(batch);
      for (let k = 0; k < calls; k++) await predict(kept(), inputs[k % inputs.length]!.ref).data();
    },
    async step(batch, calls, rate) {
      const { inputs, targets } = batches(batch);
      const factor = array([rate], []);
      for (let k = 0; k < calls; k++) {
        parameters = update(parameters, inputs[k % inputs.length]!.ref, targets[k % inputs.length]!.ref, factor.ref);
        await jax.blockUntilReady(parameters);
      }
      factor.dispose();
    },
    output: (first, batch) => predict(kept(), batches(batch).inputs[first / batch]!.ref).data(),
    async parameters() {
      const values = await Promise.all(kept().map((parameter) => parameter.data()));
      return flatParameters(
        layout.map(({ places }, n) => ({ kernel: scatter(values[2 * n]!, places), bias: [...values[2 * n + 1]!] })),
      );
    },
  };
}

/** How each kernel is stored: a convolution's with filters and channels first, a dense one as [inputs][outputs]. */
function layoutOf(stages: readonly Stage[]): { places: number[]; shape: number[] }[] {
  const images = flattenedImages(stages);
  return stages.flatMap((stage) => {
    if (isPool(stage)) return [];
    const [channels, filters] = [stage.input[2], stage.output[2]];
    if (stage.type === 'conv2d') {
      return [{ places: channelsFirstPlaces(stage), shape: [filters, channels, stage.size, stage.size] }];
    }
    const outputsFirst = channelsFirstPlaces(stage, images.get(stage));
    const places = outputsFirst.map((_, k) => outputsFirst[(k % filters) * channels + Math.floor(k / filters)]!);
    return [{ places, shape: [channels, filters] }];
  });
}

/** Before the softmax, where there is one. Takes over all that it is given. */
function logitsOf(
  { numpy: np, nn, lax }: Jax,
  stages: readonly Stage[],
  parameters: Parameters,
  input: JaxArray,
): JaxArray {
  const batch = input.shape[0]!;
  let value = input;
  let next = 0;
  for (const stage of stages) {
    if (isPool(stage)) {
      value = pooled(np, value, stage.size, stage.output);
      continue;
    }
    const [kernel, bias] = [parameters[next++]!, parameters[next++]!];
    const [channels, filters] = [stage.input[2], stage.output[2]];
    const z =
      stage.type === 'dense'
        ? np.matmul(value.reshape([batch, channels]), kernel).add(bias)
        : lax.conv(value, kernel, [1, 1], stage.pad > 0 ? 'SAME' : 'VALID').add(bias.reshape([1, filters, 1, 1]));
    if (stage.activation === 'softmax') value = z;
    else value = stage.activation === 'relu' ? nn.relu(z) : np[stage.activation](z);
  }
  return value;
}

/** Windows do not overlap, so that a pool is a maximum over two axes; what no window reads is cut off. */
function pooled(np: Jax['numpy'], x: JaxArray, size: number, [height, width]: readonly number[]): JaxArray {
  const [batch, channels, inHeight, inWidth] = x.shape as [number, number, number, number];
  const [h, w] = [height!, width!];
  const cut = h * size < inHeight || w * size < inWidth ? x.slice([], [], [0, h * size], [0, w * size]) : x;
  return np.max(cut.reshape([batch, channels, h, size, w, size]), [3, 5]);
}

function batchesOf(
  { inputs, targets }: Task['samples'],
  array: (values: readonly number[], shape: number[]) => JaxArray,
  inputShape: number[],
  outputs: number,
): (batch: number) => { inputs: JaxArray[]; targets: JaxArray[] } {
  const made = new Map<number, { inputs: JaxArray[]; targets: JaxArray[] }>();
  return (batch) => {
    const known = made.get(batch);
    if (known) return known;
    const cut = (rows: readonly (readonly number[])[], shape: number[]) =>
      Array.from({ length: SAMPLE_COUNT / batch }, (_, k) =>
        array(rows.slice(k * batch, (k + 1) * batch).flat(), [batch, ...shape]),
      );
    const both = { inputs: cut(inputs, inputShape), targets: cut(targets, [outputs]) };
    made.set(batch, both);
    return both;
  };
}
