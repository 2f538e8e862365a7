import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** Runs a model on one sample. */
type Run = (model: Uint8Array, shape: readonly number[], input: ArrayLike<number>) => Promise<Float32Array>;

/**
 * ONNX Runtime where it is installed (in bench/, or where LONGHAND_ORT points to); undefined, with a word on it,
 * elsewhere: it is two hundred megabytes that only this test and the benchmarks need.
 */
export async function onnxRuntime(): Promise<Run | undefined> {
  for (const folder of [process.env.LONGHAND_ORT, 'bench']) {
    if (folder === undefined) continue;
    try {
      const path = createRequire(pathToFileURL(`${folder}/package.json`)).resolve('onnxruntime-node');
      const { InferenceSession, Tensor } = (await import(pathToFileURL(path).href)).default;
      return async (model, shape, input) => {
        const session = await InferenceSession.create(model, { logSeverityLevel: 3 });
        const tensor = new Tensor('float32', Float32Array.from(input), [1, ...shape]);
        const results = await session.run({ input: tensor });
        return results[session.outputNames[0]].data as Float32Array;
      };
    } catch {
      // The next place.
    }
  }
  console.warn('onnxruntime-node is not installed: exported models are only read back. npm ci --prefix bench');
  return undefined;
}
