import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadModule } from '../../check/module.ts';
import { randomNumbers } from '../../check/random.ts';
import { printTable } from '../../check/table.ts';
import { generate } from '../../index.ts';
import { universalForm } from '../../pipeline.ts';
import type { ImportedGraph } from '../imported.ts';
import { refuse } from '../refuse.ts';

/** What a run of ONNX Runtime takes and gives. */
interface Runtime {
  readonly InferenceSession: { create(model: Uint8Array): Promise<Session> };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => unknown;
}

interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(
    feeds: Readonly<Record<string, unknown>>,
  ): Promise<Readonly<Record<string, { data: Float32Array; dims: readonly number[] }>>>;
}

const samples = 5;
/** Relative to the largest output: both compute in float32 at least. */
const tolerance = 1e-4;

/** Runs ONNX Runtime and the generated module on the same random inputs. */
export async function checkAgainstOnnxRuntime(
  model: Uint8Array,
  { spec, weights, input, output }: ImportedGraph,
): Promise<{ readonly passed: boolean; readonly text: string }> {
  const { InferenceSession, Tensor } = await loadRuntime();
  const session = await InferenceSession.create(model);
  const flat = weights.flatMap(({ values }) => Array.from(values));
  const [file] = generate(spec, { form: universalForm, inference: true });
  const own = loadModule(file!.content);
  const ours = own.createModel(flat);
  const random = randomNumbers(1);
  const rows = [];
  let passed = true;
  for (let n = 1; n <= samples; n++) {
    const theirs = Float32Array.from({ length: input.order.length }, () => 2 * random() - 1);
    const feeds = { [session.inputNames[0]!]: new Tensor('float32', theirs, input.dims) };
    const { data } = (await session.run(feeds))[session.outputNames[0]!]!;
    const found = ours.forward(Float64Array.from(input.order, (place) => theirs[place]!));
    const expected = Array.from(output.order, (place) => data[place]!);
    const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const error = expected.reduce((most, value, k) => Math.max(most, Math.abs(value - found[k]!)), 0) / (scale || 1);
    passed &&= error <= tolerance;
    rows.push([`sample ${n}`, String(expected.length), error.toExponential(1), error <= tolerance ? 'ok' : 'WRONG']);
  }
  const table = printTable(
    ['onnxruntime', 'numbers', 'error', ''],
    rows.map((row) => row.map((text) => ({ text }))),
    (_, text) => text,
  );
  return { passed, text: table.join('\n') };
}

/** ONNX Runtime beside longhand, or in the project that it is called in. */
async function loadRuntime(): Promise<Runtime> {
  // A name in a variable, so that nobody who does not check needs it.
  const name = 'onnxruntime-node';
  const places = [import.meta.url, pathToFileURL(join(process.cwd(), 'package.json')).href];
  for (const place of places) {
    try {
      const path = createRequire(place).resolve(name);
      return ((await import(pathToFileURL(path).href)) as { default: Runtime }).default;
    } catch {
      // The next place.
    }
  }
  return refuse('--check', 'no onnxruntime-node', 'it installed: npm install onnxruntime-node');
}
