import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** An input of one sample. */
interface Feed {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** Runs a model on one sample: what it gives, by the names of the outputs. */
type Run = (
  model: Uint8Array,
  feeds: Readonly<Record<string, Feed>>,
) => Promise<Readonly<Record<string, Float32Array>>>;

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
      return async (model, feeds) => {
        const session = await InferenceSession.create(model, { logSeverityLevel: 3 });
        const tensors = Object.entries(feeds).map(([name, { shape, values }]) => {
          return [name, new Tensor('float32', Float32Array.from(values), [1, ...shape])];
        });
        const results = await session.run(Object.fromEntries(tensors));
        return Object.fromEntries(session.outputNames.map((name: string) => [name, results[name].data]));
      };
    } catch {
      // The next place.
    }
  }
  console.warn('onnxruntime-node is not installed: exported models are only read back. npm ci --prefix bench');
  return undefined;
}
