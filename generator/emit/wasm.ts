import { assemble } from '../assembler/assemble.ts';
import type { Equation, Program } from '../equations/equation.ts';
import { printWatModule } from '../print/wat/watModule.ts';
import { equationsOf } from '../schedule/loops/loopPlan.ts';
import type { Memory, PlacedPlan } from '../schedule/loops/memory.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { SpecError } from '../spec/problem.ts';
import { Commentary } from './commentary.ts';
import { chainText } from './facade.ts';
import { format } from './format.ts';
import { describeStep } from './step.ts';

/** A WebAssembly module, before it is put into a file. */
export interface WasmModule {
  readonly memory: Memory;
  readonly bytes: Uint8Array;
  /** The same with relaxed multiply-adds, for engines that have them; absent where every engine shall agree. */
  readonly relaxedBytes: Uint8Array | undefined;
}

/** Turns a text into bytes. */
export type Assembler = (text: string) => Uint8Array;

const maxMemory = 2 ** 32;

/** Assembles the module of a network. */
export function assembleNetwork(
  network: ShapedNetwork,
  program: Program,
  plan: PlacedPlan,
  isDeterministic: boolean,
  assembler: Assembler = assemble,
): WasmModule {
  const { memory } = plan;
  expectMemory(memory);
  const bytesOf = (isRelaxed: boolean): Uint8Array => assembler(printWat(network, program, plan, isRelaxed));
  return { memory, bytes: bytesOf(false), relaxedBytes: isDeterministic ? undefined : bytesOf(true) };
}

/** WebAssembly's addresses have 32 bits. */
function expectMemory({ bytes }: Memory): void {
  if (bytes <= maxMemory) return;
  const found = `found a network that needs ${format(bytes)} bytes of memory in the form wasm`;
  const expected = `expected at most ${format(maxMemory)} (4 GiB): take smaller images, or --form fast`;
  throw new SpecError([{ path: '', found, expected }]);
}

/** The module's text, with every equation as a comment above its loops. */
export function dumpWat(network: ShapedNetwork, program: Program, plan: PlacedPlan): string {
  return printWat(network, program, plan, false);
}

function printWat(network: ShapedNetwork, program: Program, plan: PlacedPlan, isRelaxed: boolean): string {
  const commentary = new Commentary(network, program, equationsOf(plan));
  return printWatModule(plan, {
    title: `${network.name}: ${chainText(network)}`,
    remarksOf: ({ layers, nests }) => ({
      head: commentary.title(layers[0] ?? ''),
      nests: nests.map(({ equations }) => equations.flatMap((one) => remarksOf(one, commentary))),
    }),
    step: describeStep(program.step),
    isRelaxed,
  });
}

function remarksOf(equation: Equation, commentary: Commentary): readonly string[] {
  const notes = commentary.notes(equation).map((note) => `    ${note}`);
  return [`  ${commentary.line(equation)}`, ...notes];
}
