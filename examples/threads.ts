/**
 * The digits on all cores: one model in each thread, each with its share of every batch, and the same numbers as on one core
 * but for the rounding of sums.
 *
 *     npx tsx examples/threads.ts [THREADS]
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from '../generator/index.ts';
import { classCount, loadDigits, side } from './digits/loadDigits.ts';
import { writeModules } from './digits/model.ts';
import { mulberry32, shuffled } from './digits/random.ts';
import { type Sample, splitDigits, toSample } from './digits/samples.ts';
import { isMain } from './isMain.ts';
import { createTeam, type Model, type Team } from './threads/team.ts';

const pixelCount = side * side;
const trainingCount = 1500;
const batchSize = 128;
const epochs = 40;
const rate = 0.4;
const seed = 1;

interface WasmModel extends Model {
  initialize(seed: number): void;
  forward(input: ArrayLike<number>): ArrayLike<number>;
}

interface WasmModule {
  readonly network: { readonly parameterCount: number };
  createModel(): WasmModel;
}

interface Outcome {
  /** Milliseconds of training, the threads being ready. */
  readonly ms: number;
  /** Mean over the last epoch. */
  readonly loss: number;
  /** Part of the test digits that are recognised. */
  readonly accuracy: number;
}

/** Trains on so many threads, always from the same start. */
export async function trainOnThreads(threads: number): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'longhand-threads-'));
  try {
    const { training, test } = splitDigits(loadDigits(pathOf('data/digits.csv')), trainingCount, seed);
    const { module, address } = await writeModule(folder);
    const model = module.createModel();
    model.initialize(seed);
    const team = await createTeam(model, {
      module: address,
      threads,
      capacity: batchSize,
      inputSize: pixelCount,
      targetSize: classCount,
      parameterCount: module.network.parameterCount,
    });
    try {
      const start = performance.now();
      const loss = await trainEpochs(team.step, training.map(toSample));
      const ms = performance.now() - start;
      const right = test.map(toSample).filter(({ input, label }) => largest(model.forward(input)) === label);
      return { ms, loss, accuracy: right.length / test.length };
    } finally {
      await team.end();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns the mean loss of the last epoch */
async function trainEpochs(step: Team['step'], samples: readonly Sample[]): Promise<number> {
  const random = mulberry32(seed);
  const [inputs, targets] = [new Float32Array(batchSize * pixelCount), new Float32Array(batchSize * classCount)];
  let loss = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffled(samples, random);
    loss = 0;
    for (let start = 0; start < order.length; start += batchSize) {
      const batch = order.slice(start, start + batchSize);
      for (const [n, { input, target }] of batch.entries()) {
        inputs.set(input, n * pixelCount);
        targets.set(target, n * classCount);
      }
      loss += ((await step(inputs, targets, batch.length, rate)) * batch.length) / order.length;
    }
  }
  return loss;
}

async function writeModule(folder: string): Promise<{ module: WasmModule; address: string }> {
  const spec = JSON.parse(readFileSync(pathOf('digits.net.json'), 'utf8'));
  const [address] = writeModules(folder, generate(spec, { form: 'wasm' })) as [string];
  return { module: (await import(address)) as WasmModule, address };
}

function largest(numbers: ArrayLike<number>): number {
  const all = Array.from(numbers);
  return all.indexOf(Math.max(...all));
}

/** The path of a file beside this one. */
function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}

if (isMain(import.meta.url)) {
  const most = Number(process.argv[2] ?? availableParallelism());
  for (const threads of most > 1 ? [1, most] : [1]) {
    const { ms, loss, accuracy } = await trainOnThreads(threads);
    const words = `${threads} thread${threads > 1 ? 's' : ''}`;
    console.log(`${words}: ${Math.round(ms)} ms, loss ${loss.toFixed(6)}, test accuracy ${accuracy.toFixed(3)}`);
  }
}
