import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPlain } from '../core/network.ts';
import { importPeer, versionOf } from '../core/peers.ts';
import { SAMPLE_COUNT } from '../core/samples.ts';
import { type Engine, type Task, unable } from './engine.ts';

/** What is used of both packages. */
interface OnnxRuntime {
  readonly env: { readonly wasm: { numThreads: number }; logLevel: string };
  readonly InferenceSession: { create(model: Uint8Array, options: object): Promise<Session> };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => Tensor;
}
interface Session {
  readonly outputNames: readonly string[];
  run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>>;
}
interface Tensor {
  readonly data: Float32Array;
}

/** ONNX Runtime on one thread, from model.onnx; the option is the package: `onnxruntime-node` or `onnxruntime-web`. */
export async function load({ spec, samples, directory, options: [name = ''] }: Task): Promise<Engine> {
  const imported = await importPeer<OnnxRuntime & { default?: OnnxRuntime }>(name);
  const ort = imported.InferenceSession ? imported : imported.default!;
  if (name === 'onnxruntime-web') ort.env.wasm.numThreads = 1;
  const model = readFileSync(join(directory, 'model.onnx'));
  const session = await ort.InferenceSession.create(model, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    executionProviders: [name === 'onnxruntime-web' ? 'wasm' : 'cpu'],
  });
  const [height, width, channels] = spec.input;
  const made = new Map<number, Tensor[]>();
  const batches = (batch: number): Tensor[] => {
    const known = made.get(batch);
    if (known) return known;
    const tensors = Array.from({ length: SAMPLE_COUNT / batch }, (_, k) => {
      const values = Float32Array.from(samples.inputs.slice(k * batch, (k + 1) * batch).flat());
      // Models that longhand exports take images as the spec has them.
      const image = isPlain(spec) ? [channels, height, width] : spec.input;
      return new ort.Tensor('float32', values, [batch, ...image]);
    });
    made.set(batch, tensors);
    return tensors;
  };
  const outputName = session.outputNames[0]!;
  return {
    version: versionOf(name),
    reset() {},
    async forward(batch, calls) {
      const inputs = batches(batch);
      for (let k = 0; k < calls; k++) await session.run({ input: inputs[k % inputs.length]! });
    },
    step: unable,
    output: async (first, batch) => (await session.run({ input: batches(batch)[first / batch]! }))[outputName]!.data,
    parameters: () => samples.parameters,
  };
}
