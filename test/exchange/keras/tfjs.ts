import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** Runs a layers model of TensorFlow.js on one sample. */
type Run = (
  model: object,
  weights: Uint8Array,
  shape: readonly number[],
  input: ArrayLike<number>,
) => Promise<{ data: Float32Array; shape: readonly number[] }>;

/** TensorFlow.js where it is installed (in bench/, or where LONGHAND_TFJS points to); undefined, with a word on it, elsewhere. */
export async function tensorflow(): Promise<Run | undefined> {
  for (const folder of [process.env.LONGHAND_TFJS, 'bench']) {
    if (folder === undefined) continue;
    try {
      const tf = createRequire(pathToFileURL(`${folder}/package.json`))('@tensorflow/tfjs');
      tf.env().set('PROD', true);
      await tf.setBackend('cpu');
      return async (model, weights, shape, input) => {
        const { modelTopology, weightsManifest } = model as {
          modelTopology: object;
          weightsManifest: { weights: object[] }[];
        };
        const artifacts = {
          modelTopology,
          weightSpecs: weightsManifest[0]!.weights,
          weightData: Uint8Array.from(weights).buffer,
        };
        const loaded = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
        const y = loaded.predict(tf.tensor(Array.from(input), [1, ...shape]));
        const result = { data: y.dataSync() as Float32Array, shape: y.shape.slice(1) as number[] };
        tf.disposeVariables();
        return result;
      };
    } catch {
      // The next place.
    }
  }
  console.warn('@tensorflow/tfjs is not installed: models for Keras are only read back. npm ci --prefix bench');
  return undefined;
}
