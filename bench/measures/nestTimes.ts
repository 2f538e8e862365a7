import { assemble } from '../../generator/assembler/assemble.ts';
import { dumpWat } from '../../generator/emit/wasm.ts';
import { type GenerateOptions, stages } from '../../generator/pipeline.ts';
import { functionsInOrder, type LoopFunction, type Nest } from '../../generator/schedule/loops/loopPlan.ts';
import type { PlacedPlan } from '../../generator/schedule/loops/memory.ts';
import { type Memory, startModule } from '../core/webAssembly.ts';
import { productsIn } from './products.ts';

/** One nest of loops of a wasm module, by what it computes. */
export interface RunnableNest {
  /** The function that it is a part of, `forward_conv2d1`, and its targets. */
  readonly name: string;
  readonly pass: LoopFunction['pass'];
  readonly layer: string;
  readonly targets: readonly string[];
  /** Multiply-adds inside their tensors; sums along winners count every winner. */
  readonly macs: number;
  /** Computes it once. */
  readonly run: () => void;
}

/** How often each nest is timed, and how long at a time. */
export interface NestEffort {
  readonly rounds: number;
  readonly roundNs: number;
}

export interface NestTime extends RunnableNest {
  readonly ns: number;
}

/** Times every nest of a network's wasm module by itself, in turn. */
export function timeNests(spec: unknown, options: GenerateOptions, { rounds, roundNs }: NestEffort): NestTime[] {
  return nestsOf(spec, options).map((nest) => ({ ...nest, ns: timeOf(nest.run, rounds, roundNs) }));
}

/** Every nest of a network's wasm module as a function of its own, in the order of a training step, after one such step. */
export function nestsOf(spec: unknown, options: GenerateOptions): RunnableNest[] {
  const asked = { ...options, form: 'wasm' as const };
  const network = stages.shape(stages.parse(structuredClone(spec)));
  const program = stages.equations(network, asked);
  const planned = stages.plan(program, asked);
  if (planned.form !== 'wasm') throw new Error('expected a plan of loops');
  const plan = eachAlone(planned.plan);
  const text = dumpWat(network, program, plan).replace(/\(func \$(\S+)\n/g, '(func $$$1 (export "$1")\n');
  const functions = startModule<Functions>(assemble(text));
  const { memory } = functions as unknown as { readonly memory: Memory };
  fill(memory, plan.memory.bytes);
  functions.forward?.();
  functions.backward?.();
  return functionsInOrder(plan).flatMap((one) => {
    const run = functions[one.name.replace(/[^\x20-\x7e]/g, '')];
    const [nest] = one.nests as [Nest];
    if (run === undefined) return [];
    return [
      {
        name: one.name,
        pass: one.pass,
        layer: one.layers[0] ?? '',
        targets: nest.equations.map(({ target }) => target.name),
        macs: nest.equations.reduce((sum, equation) => sum + productsIn(equation), 0),
        run,
      },
    ];
  });
}

type Functions = Readonly<Partial<Record<string, () => void>>>;

/** The same plan with a function for each nest. */
function eachAlone(plan: PlacedPlan): PlacedPlan {
  const split = (all: readonly LoopFunction[]): LoopFunction[] =>
    all.flatMap((one) => one.nests.map((nest, n) => ({ ...one, name: `${one.name}_nest${n}`, nests: [nest] })));
  return { ...plan, functions: split(plan.functions), prepare: split(plan.prepare), finish: split(plan.finish) };
}

/** Numbers in ±½ for everything: places of winners are set by the forward pass. */
function fill(memory: Memory, bytes: number): void {
  const numbers = new Float32Array(memory.buffer, 0, bytes / 4);
  let state = 1;
  for (const at of numbers.keys()) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    numbers[at] = (state / 2 ** 31 - 0.5) * 0.1;
  }
}

function timeOf(run: () => void, rounds: number, roundNs: number): number {
  const time = (turns: number): number => {
    const start = performance.now();
    for (let turn = 0; turn < turns; turn++) run();
    return ((performance.now() - start) * 1e6) / turns;
  };
  // Until V8 has replaced its first, quick code.
  time(200);
  const each = time(Math.max(1, Math.min(1000, Math.ceil(1e6 / time(20)))));
  const turns = Math.max(1, Math.ceil(roundNs / each));
  return Math.min(...Array.from({ length: rounds }, () => time(turns)));
}
