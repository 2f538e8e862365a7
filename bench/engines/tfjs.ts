import { isPool, length, type NetworkSpec, type Stage } from '../core/network.ts';
import { importPeer, peerFolder, versionOf } from '../core/peers.ts';
import { SAMPLE_COUNT } from '../core/samples.ts';
import type { Engine, Task } from './engine.ts';
import { flatParameters, weightsOf } from './layout.ts';
import type { Tensor, TensorFlow, Variable } from './tfjsTypes.ts';

type Layers = readonly { readonly kernel: Variable; readonly bias: Variable }[];

/** The network in TensorFlow.js' operators, trained by its own optimizer; the option is the backend. */
export async function load({ spec, stages, samples, options: [backend = 'cpu'] }: Task): Promise<Engine> {
  const tf = await startTensorFlow(backend);
  const layers: Layers = weightsOf(stages, samples.parameters).map(({ stage, kernel, bias }) => ({
    kernel: tf.variable(tf.tensor(kernel, kernelShape(stage))),
    bias: tf.variable(tf.tensor(bias, [bias.length])),
  }));
  const variables = layers.flatMap(({ kernel, bias }) => [kernel, bias]);
  const batches = (batch: number) => batchesOf(tf, spec, stages, samples, batch);
  const logits = (input: Tensor) => logitsOf(tf, stages, layers, input);
  const isClassifier = spec.loss === 'categoricalCrossentropy';
  const predict = (input: Tensor) => (isClassifier ? tf.softmax(logits(input)) : logits(input));
  return {
    version: versionOf('@tensorflow/tfjs'),
    reset() {
      const initial = weightsOf(stages, samples.parameters).flatMap(({ kernel, bias }) => [kernel, bias]);
      for (const [k, variable] of variables.entries()) {
        const fresh = tf.tensor(initial[k]!, variable.shape);
        variable.assign(fresh);
        fresh.dispose();
      }
    },
    forward(batch, calls) {
      const { inputs } = batches(batch);
      for (let k = 0; k < calls; k++) tf.tidy(() => void predict(inputs[k % inputs.length]!).dataSync());
    },
    step(batch, calls, rate) {
      const { inputs, targets } = batches(batch);
      const optimizer = tf.train.sgd(rate);
      for (let k = 0; k < calls; k++) {
        const [x, t] = [inputs[k % inputs.length]!, targets[k % inputs.length]!];
        const loss = () =>
          isClassifier
            ? tf.losses.softmaxCrossEntropy(t, logits(x))
            : logits(x)
                .sub(t)
                .square()
                .sum()
                .div(2 * batch);
        optimizer.minimize(loss, false, variables);
      }
      optimizer.dispose();
    },
    output: (first, batch) => tf.tidy(() => predict(batches(batch).inputs[first / batch]!).dataSync()),
    parameters: () =>
      flatParameters(
        layers.map(({ kernel, bias }) => ({ kernel: [...kernel.dataSync()], bias: [...bias.dataSync()] })),
      ),
  };
}

/** TensorFlow.js on one of its backends. Throws if that is not to be had. */
export async function startTensorFlow(backend: string): Promise<TensorFlow> {
  const tf = await importPeer<TensorFlow>('@tensorflow/tfjs');
  if (backend === 'wasm') {
    const wasm = await importPeer<{ setWasmPaths(path: string): void; setThreadsCount(count: number): void }>(
      '@tensorflow/tfjs-backend-wasm',
    );
    wasm.setWasmPaths(`${peerFolder('@tensorflow/tfjs-backend-wasm')}/dist/`);
    wasm.setThreadsCount(1);
  }
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend '${backend}' here`);
  return tf;
}

function kernelShape(stage: Exclude<Stage, { type: 'maxPooling2d' }>): number[] {
  const [channels, filters] = [stage.input[2], stage.output[2]];
  return stage.type === 'dense' ? [channels, filters] : [stage.size, stage.size, channels, filters];
}

/** Before the softmax, where there is one: the loss is computed from there. */
function logitsOf(tf: TensorFlow, stages: readonly Stage[], layers: Layers, input: Tensor): Tensor {
  let value = input;
  let next = 0;
  for (const stage of stages) {
    if (isPool(stage)) {
      value = tf.maxPool(value, stage.size, stage.size, 'valid');
      continue;
    }
    const { kernel, bias } = layers[next++]!;
    const sum =
      stage.type === 'dense'
        ? tf.matMul(value.reshape([-1, stage.input[2]]), kernel)
        : tf.conv2d(value, kernel, 1, stage.pad > 0 ? 'same' : 'valid');
    const z = sum.add(bias);
    value = stage.activation === 'softmax' ? z : tf[stage.activation](z);
  }
  return value;
}

const cache = new Map<number, { inputs: Tensor[]; targets: Tensor[] }>();

/** All samples as tensors of one batch each, made once. */
function batchesOf(
  tf: TensorFlow,
  { input }: NetworkSpec,
  stages: readonly Stage[],
  samples: Task['samples'],
  batch: number,
): { inputs: Tensor[]; targets: Tensor[] } {
  const known = cache.get(batch);
  if (known) return known;
  const outputs = length(stages.at(-1)!.output);
  const cut = (rows: readonly (readonly number[])[], shape: number[]) =>
    Array.from({ length: SAMPLE_COUNT / batch }, (_, k) =>
      // Not within a tidy that would throw them away.
      tf.keep(tf.tensor(rows.slice(k * batch, (k + 1) * batch).flat(), [batch, ...shape])),
    );
  const made = { inputs: cut(samples.inputs, [...input]), targets: cut(samples.targets, [outputs]) };
  cache.set(batch, made);
  return made;
}
