import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type NetworkSpec, stagesOf } from './core/network.ts';
import { readSamples } from './core/samples.ts';
import type { Engine } from './engines/engine.ts';
import { type EngineName, engines } from './engines/list.ts';
import { tiersOf } from './engines/tiers.ts';

/*
 * A program around one engine, for the dialogue of core/program.ts:
 *   node --expose-gc --import tsx worker.ts ENGINE DIRECTORY OPTION...
 */

const [name, directory, ...options] = process.argv.slice(2) as [EngineName, string, ...string[]];
// Standard output is for answers; peers greet.
console.log = console.info = console.warn = () => {};

const spec: NetworkSpec = JSON.parse(readFileSync(join(directory, 'network.json'), 'utf8'));
const samples = readSamples(join(directory, 'samples'));
const { load } = await engines[name]();
const MODELS = 50;
const before = memory();
const start = performance.now();

try {
  const engine = await load({ spec, stages: stagesOf(spec), samples, directory, options });
  const loaded = performance.now() - start;
  say(`ready ${engine.version}`);
  for await (const line of createInterface({ input: process.stdin })) {
    say(await answer(engine, loaded, line.split(' ')).catch((error) => `error ${firstLine(error)}`));
  }
} catch (error) {
  say(`absent ${firstLine(error)}`);
}

async function answer(engine: Engine, loaded: number, [command, ...words]: string[]): Promise<string> {
  const [a = 0, b = 0, rate = 0] = words.map(Number);
  switch (command) {
    case 'forward':
      return timed(a * b, () => engine.forward(a, b));
    case 'step':
      return timed(a * b, () => engine.step(a, b, rate));
    case 'reset':
      await engine.reset();
      return '0';
    case 'output':
      return Array.from(await engine.output(a, b)).join(' ');
    case 'parameters':
      return Array.from(await engine.parameters()).join(' ');
    case 'loaded':
      return String(loaded);
    case 'memory':
      return memory()
        .map((bytes, k) => bytes - before[k]!)
        .join(' ');
    case 'another':
      return anotherModel(engine);
    case 'tiers':
      return JSON.stringify((engine.modules ?? []).flatMap(tiersOf));
    default:
      throw new Error(`'${command}' is no command`);
  }
}

/** Nanoseconds per sample. */
async function timed(count: number, work: () => void | Promise<void>): Promise<string> {
  const start = performance.now();
  await work();
  return String(((performance.now() - start) * 1e6) / count);
}

/** Bytes of one more model, as the mean of many; −1 where the engine makes but one. */
async function anotherModel(engine: Engine): Promise<string> {
  if (!engine.another) return '-1';
  const models: object[] = [await engine.another()];
  const [heap, buffers] = memory();
  while (models.length <= MODELS) models.push(await engine.another());
  const [heapAfter, buffersAfter] = memory();
  // Reads the list after the measurement, so that it is not collected before.
  return String((heapAfter + buffersAfter - heap - buffers) / (models.length - 1));
}

/** Bytes of the heap, of array buffers, of the process, with no garbage. */
function memory(): [number, number, number] {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return [heapUsed, arrayBuffers, rss];
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
