import { assemble } from '../assembler/assemble.ts';
import type { Program } from '../equations/equation.ts';
import { sizeOf, type Tensor } from '../equations/tensor.ts';
import type { HelperName } from '../print/wasmFunction.ts';
import { printHelpers } from '../print/wasmMath.ts';
import { WatFunction } from '../print/wat/watFunction.ts';
import { ascii } from '../print/wat/watNames.ts';
import type { CalledPass } from '../schedule/functionPlan.ts';
import type { Code } from '../schedule/loops/kernel.ts';
import { equationsOf, functionsInOrder, type LoopFunction } from '../schedule/loops/loopPlan.ts';
import type { Memory, PlacedPlan } from '../schedule/loops/memory.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { SpecError } from '../spec/problem.ts';
import { Commentary } from './commentary.ts';
import { chainText, givenOf } from './facade.ts';
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

const bytesPerPage = 65_536;
const maxMemory = 2 ** 32;

/** What is copied by loads and stores: memory.copy calls into the engine. */
const fewBytes = 128;

/** Vectors, then numbers. */
function piecesOf(bytes: number): { readonly offset: number; readonly type: 'v128' | 'i32' }[] {
  const vectors = Math.floor(bytes / 16);
  const numbers = (bytes - 16 * vectors) / 4;
  return [
    ...Array.from({ length: vectors }, (_, n) => ({ offset: 16 * n, type: 'v128' as const })),
    ...Array.from({ length: numbers }, (_, n) => ({ offset: 16 * vectors + 4 * n, type: 'i32' as const })),
  ];
}

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

export function pagesOf({ bytes }: Memory): number {
  return Math.max(1, Math.ceil(bytes / bytesPerPage));
}

function printWat(network: ShapedNetwork, program: Program, plan: PlacedPlan, isRelaxed: boolean): string {
  const { memory } = plan;
  const helpers = new Set<HelperName>();
  const print = (
    name: string,
    head: string,
    code: readonly Code[],
    remarks: readonly string[] = [],
    from?: Tensor,
  ): string[] => {
    const printed = new WatFunction(memory, isRelaxed, from);
    for (const remark of remarks) printed.remark(remark);
    printed.print(code);
    return wrapFunction(name, head, printed, helpers);
  };
  const commentary = new Commentary(network, program, equationsOf(plan));
  const trains = givenOf(program) !== undefined;
  const copiesInput = memory.offsets.get(plan.input) !== memory.offsets.get(program.input);
  const functions = [
    ...(copiesInput
      ? print(
          'copyInput',
          ' (param $from i32)',
          plan.copy.nests.flatMap(({ code }) => code),
          [],
          plan.input,
        )
      : []),
    ...functionsInOrder(plan).flatMap((one) => printLayer(one, commentary, { memory, isRelaxed }, helpers)),
    ...(trains ? print('step', ' (export "step") (param $rate f32)', plan.step, describeStep(program.step)) : []),
    ...(trains ? print('scale', ' (export "scale") (param $factor f32)', plan.scale) : []),
  ];
  const calls = (functions: readonly LoopFunction[], spaces: string): string[] =>
    functions.map(({ name }) => `${spaces}(call $${ascii(name)})`);
  const passOf = (pass: CalledPass): LoopFunction[] => plan.functions.filter((one) => one.pass === pass);
  return [
    `;; ${network.name}: ${chainText(network)}`,
    '(module',
    `  (memory (export "memory") ${pagesOf(memory)} ${pagesOf(memory)})`,
    '',
    ...printHelpers(helpers),
    ...functions,
    '  (func $forward (export "forward")',
    ...(copiesInput ? [`    (call $copyInput (i32.const ${memory.offsets.get(plan.input)}))`] : []),
    ...calls([...plan.prepareForward, ...passOf('forward')], '    '),
    '  )',
    ...(program.loss ? ['  (func $loss (export "loss")', ...calls(passOf('loss'), '    '), '  )'] : []),
    ...(trains
      ? [
          '  (func $backward (export "backward")',
          ...calls([...plan.prepare, ...passOf('loss'), ...passOf('backward'), ...plan.finish], '    '),
          '  )',
          ...batchFunctions(program, memory, copiesInput, {
            prepareForward: calls(plan.prepareForward, '    '),
            forward: calls(passOf('forward'), '      '),
            prepare: calls(plan.prepare, '    '),
            backward: calls([...passOf('loss'), ...passOf('backward')], '      '),
            finish: calls(plan.finish, '    '),
          }),
        ]
      : []),
    ')',
    '',
  ].join('\n');
}

function printLayer(
  { name, layers, nests }: LoopFunction,
  commentary: Commentary,
  { memory, isRelaxed }: { readonly memory: Memory; readonly isRelaxed: boolean },
  helpers: Set<HelperName>,
): string[] {
  const printed = new WatFunction(memory, isRelaxed);
  for (const title of commentary.title(layers[0] ?? '')) printed.remark(title);
  for (const { equations, code } of nests) {
    for (const equation of equations) {
      printed.remark(`  ${commentary.line(equation)}`);
      for (const note of commentary.notes(equation)) printed.remark(`    ${note}`);
    }
    printed.print(code);
  }
  return wrapFunction(ascii(name), '', printed, helpers);
}

/** A whole function; the helpers that it calls are noted. */
function wrapFunction(name: string, head: string, printed: WatFunction, helpers: Set<HelperName>): string[] {
  for (const helper of printed.helpers) helpers.add(helper);
  const declarations = printed.declarations.map((line) => `    ${line}`);
  return [`  (func $${name}${head}`, ...declarations, ...printed.lines, '  )', ''];
}

/** Many samples in one call: what the caller has put side by side goes through the network sample by sample. */
function batchFunctions(
  program: Program,
  memory: Memory,
  copiesInput: boolean,
  calls: Readonly<Record<'prepareForward' | 'forward' | 'prepare' | 'backward' | 'finish', readonly string[]>>,
): string[] {
  const { input, output, loss } = program;
  const at = (tensor: Tensor): number => memory.offsets.get(tensor) as number;
  const [inputBytes, outputBytes] = [sizeOf(input) * 4, sizeOf(output) * 4];
  const given = givenOf(program) as Tensor;
  const sampleAt = (start: number, bytes: number): string =>
    `(i32.add (i32.const ${start}) (i32.mul (local.get $sample) (i32.const ${bytes})))`;
  const copyIn = (to: Tensor, from: number, bytes: number): string[] =>
    bytes > fewBytes
      ? [`      (memory.copy (i32.const ${at(to)}) ${sampleAt(from, bytes)} (i32.const ${bytes}))`]
      : piecesOf(bytes).map(({ offset, type }) => {
          const sample = `(i32.mul (local.get $sample) (i32.const ${bytes}))`;
          const value = `(${type}.load offset=${from + offset} ${sample})`;
          return `      (${type}.store offset=${at(to) + offset} (i32.const 0) ${value})`;
        });
  const forward = [
    ...(copiesInput
      ? [`      (call $copyInput ${sampleAt(memory.batchInputs, inputBytes)})`]
      : copyIn(input, memory.batchInputs, inputBytes)),
    ...calls.forward,
  ];
  const each = (body: readonly string[]): string[] => [
    '    (loop $each',
    ...body,
    '      (local.set $sample (i32.add (local.get $sample) (i32.const 1)))',
    '      (br_if $each (i32.lt_s (local.get $sample) (local.get $count)))',
    '    )',
  ];
  return [
    '  (func (export "forwardMany") (param $count i32) (local $sample i32)',
    ...calls.prepareForward,
    ...each([
      ...forward,
      `      (memory.copy ${sampleAt(memory.batchOutputs, outputBytes)} (i32.const ${at(output)}) (i32.const ${outputBytes}))`,
    ]),
    '  )',
    '  (func (export "backwardMany") (param $count i32) (result f64) (local $sample i32) (local $loss f64)',
    ...calls.prepareForward,
    ...calls.prepare,
    ...each([
      ...[...memory.batchMasks].flatMap(([mask, from]) => copyIn(mask, from, sizeOf(mask) * 4)),
      ...forward,
      ...copyIn(given, memory.batchTargets, sizeOf(given) * 4),
      ...calls.backward,
      ...(loss === undefined
        ? []
        : [
            `      (local.set $loss (f64.add (local.get $loss) (f64.promote_f32 (f32.load offset=${at(loss)} (i32.const 0)))))`,
          ]),
    ]),
    ...calls.finish,
    '    (local.get $loss)',
    '  )',
  ];
}
