import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadModule } from '../../check/module.ts';
import { randomNumbers } from '../../check/random.ts';
import { printTable } from '../../check/table.ts';
import { generate } from '../../index.ts';
import { universalForm } from '../../pipeline.ts';
import type { End, ImportedGraph } from '../imported.ts';
import { refuse } from '../refuse.ts';
import { elementCount } from '../weights/tensors.ts';

/** What a run of ONNX Runtime takes and gives. */
interface Runtime {
  readonly InferenceSession: { create(model: Uint8Array): Promise<Session> };
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => unknown;
}

interface Session {
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
  { spec, weights, inputs, outputs }: ImportedGraph,
): Promise<{ readonly passed: boolean; readonly text: string }> {
  const { InferenceSession, Tensor } = await loadRuntime();
  const session = await InferenceSession.create(model);
  const flat = weights.flatMap(({ values }) => Array.from(values));
  const [file] = generate(spec, { form: universalForm, inference: true });
  const ours = loadModule(file!.content).createModel(flat);
  const random = randomNumbers(1);
  const rows = [];
  let passed = true;
  for (let n = 1; n <= samples; n++) {
    const drawn = inputs.map((end) => ({ end, values: drawn32(end.order.length, random) }));
    const feeds = drawn.map(({ end, values }) => [end.name, new Tensor('float32', repeated(values, end), end.dims)]);
    const theirs = await session.run(Object.fromEntries(feeds));
    const own = drawn.map(({ end, values }) => [end.layer, Float64Array.from(end.order, (place) => values[place]!)]);
    const found: unknown = ours.forward(own.length > 1 ? Object.fromEntries(own) : own[0]![1]);
    for (const end of outputs) {
      const expected = Array.from(end.order, (place) => theirs[end.name]!.data[place]!);
      const error = relativeError(numbersOf(found, end, outputs.length > 1), expected);
      passed &&= error <= tolerance;
      const name = outputs.length > 1 ? `sample ${n}, ${end.layer}` : `sample ${n}`;
      rows.push([name, String(expected.length), error.toExponential(1), error <= tolerance ? 'ok' : 'WRONG']);
    }
  }
  const table = printTable(
    ['onnxruntime', 'numbers', 'error', ''],
    rows.map((row) => row.map((text) => ({ text }))),
    (_, text) => text,
  );
  return { passed, text: table.join('\n') };
}

function drawn32(length: number, random: () => number): Float32Array {
  return Float32Array.from({ length }, () => 2 * random() - 1);
}

/** A model of several samples gets the same one for all. */
function repeated(sample: Float32Array, { dims }: End): Float32Array {
  const count = elementCount(dims);
  return Float32Array.from({ length: count }, (_, n) => sample[n % sample.length]!);
}

function numbersOf(found: unknown, { layer }: End, hasNames: boolean): ArrayLike<number> {
  return hasNames ? (found as Readonly<Record<string, Float64Array>>)[layer]! : (found as Float64Array);
}

function relativeError(found: ArrayLike<number>, expected: readonly number[]): number {
  const scale = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return expected.reduce((most, value, k) => Math.max(most, Math.abs(value - found[k]!)), 0) / (scale || 1);
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
