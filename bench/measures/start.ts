import { join } from 'node:path';
import { drawSamples } from '../core/drawSamples.ts';
import { startContender } from '../core/field.ts';
import { type Machine, thisMachine } from '../core/machine.ts';
import type { NetworkSpec } from '../core/network.ts';
import { startProgress } from '../core/progress.ts';
import { Absent, type Contender, type Runner, type Task } from '../core/runner.ts';
import { median } from '../core/statistics.ts';

/** How a contender begins, in a fresh process each time. */
export interface StartRow {
  readonly id: string;
  readonly name: string;
  /** Milliseconds from the first import to the first output. */
  readonly firstMs: number;
  /** Milliseconds of running until the speed stays within 15 % of what it becomes. */
  readonly fullSpeedMs: Readonly<Partial<Record<Task, number>>>;
  /** After training, or after predicting where it cannot train: bytes more than before the first import. */
  readonly heapBytes: number;
  readonly processBytes: number;
  /** One more model in the same process: heap and array buffers; absent where that cannot be told. */
  readonly modelBytes?: number;
}

export interface Starts {
  readonly machine: Machine;
  readonly processes: number;
  readonly networks: readonly {
    readonly name: string;
    readonly rows: readonly StartRow[];
    readonly absent: readonly { readonly name: string; readonly reason: string }[];
  }[];
}

export interface StartEffort {
  /** Fresh processes for each figure. */
  readonly processes: number;
  /** How long each runs until it counts as warm. */
  readonly runMs: number;
}

/** Full speed means: within this of the last third. */
const NEAR = 1.15;
const SLICE_NS = 2e6;
const RATE = 1e-7;

/** Measures the start of every contender that runs in Node. */
export async function measureStarts(
  specs: readonly NetworkSpec[],
  contenders: readonly Contender[],
  effort: StartEffort,
  directory: string,
): Promise<Starts> {
  const inNode = contenders.filter((contender) => contender.inNode);
  const progress = startProgress(specs.length * inNode.length);
  const networks: Starts['networks'][number][] = [];
  try {
    for (const spec of specs) {
      const rows: StartRow[] = [];
      const absent: { name: string; reason: string }[] = [];
      for (const contender of inNode) {
        progress.label(`${spec.name}: start of ${contender.name}`);
        try {
          rows.push(await startRow(contender, spec, effort, join(directory, 'start')));
        } catch (error) {
          if (!(error instanceof Absent)) throw error;
          absent.push({ name: contender.name, reason: error.message });
        }
        progress.step();
      }
      networks.push({ name: spec.name, rows, absent });
    }
  } finally {
    progress.stop();
  }
  return { machine: thisMachine(), processes: effort.processes, networks };
}

async function startRow(
  contender: Contender,
  spec: NetworkSpec,
  { processes, runMs }: StartEffort,
  directory: string,
): Promise<StartRow> {
  const samples = drawSamples(spec);
  const runs: Record<Task, Run[]> = { forward: [], step: [] };
  const folder = join(directory, spec.name, contender.id);
  for (const task of ['forward', 'step'] as const) {
    for (let n = 0; n < processes; n++) {
      const runner = await startContender(contender, spec, samples, folder);
      const canTrain = contender.cannot?.({ task, batch: 1 }) === undefined;
      // Some find out only when they are asked.
      const run = canTrain ? await runOnce(runner, task, runMs).catch(() => undefined) : undefined;
      runner.close();
      if (run) runs[task].push(run);
    }
  }
  const { forward, step } = runs;
  const of = (all: readonly Run[], value: (run: Run) => number): number => median(all.map(value));
  const memory = step.length > 0 ? step : forward;
  return {
    id: contender.id,
    name: contender.name,
    firstMs: of(forward, ({ firstMs }) => firstMs),
    fullSpeedMs: {
      forward: of(forward, ({ fullSpeedMs }) => fullSpeedMs),
      ...(step.length > 0 ? { step: of(step, ({ fullSpeedMs }) => fullSpeedMs) } : {}),
    },
    heapBytes: of(memory, ({ memory: [heap, buffers] }) => heap + buffers),
    processBytes: of(memory, ({ memory: [, , process] }) => process),
    ...(memory[0]!.modelBytes >= 0 ? { modelBytes: of(memory, ({ modelBytes }) => modelBytes) } : {}),
  };
}

interface Run {
  readonly firstMs: number;
  readonly fullSpeedMs: number;
  readonly memory: readonly [number, number, number];
  readonly modelBytes: number;
}

/** The first call of a fresh process, then slices of time until `runMs` is over. */
async function runOnce(runner: Runner, task: Task, runMs: number): Promise<Run> {
  const exercise = { task, batch: 1 };
  const firstNs = await runner.run(exercise, 1, RATE);
  await runner.reset();
  const slices: { readonly untilMs: number; readonly ns: number }[] = [];
  let spentNs = firstNs;
  let latest = firstNs;
  while (spentNs < runMs * 1e6) {
    const calls = Math.ceil(SLICE_NS / latest);
    latest = await runner.run(exercise, calls, RATE);
    spentNs += latest * calls;
    slices.push({ untilMs: spentNs / 1e6, ns: latest });
  }
  return {
    firstMs: (await runner.loaded()) + firstNs / 1e6,
    fullSpeedMs: settled(slices) ?? firstNs / 1e6,
    memory: await runner.memory(),
    modelBytes: await runner.another(),
  };
}

/** When the speed, a median of neighbouring slices, is near its last for good; undefined if the first call took all time. */
function settled(slices: readonly { readonly untilMs: number; readonly ns: number }[]): number | undefined {
  const smooth = slices.map((_, k) => median(slices.slice(Math.max(0, k - 3), k + 4).map(({ ns }) => ns)));
  const final = median(smooth.slice(Math.floor((2 * smooth.length) / 3)));
  const lastSlow = smooth.findLastIndex((ns, k) => k < (2 * smooth.length) / 3 && ns > NEAR * final);
  return slices[lastSlow + 1]?.untilMs;
}
