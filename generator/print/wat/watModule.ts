import type { Code } from '../../code/code.ts';
import { givenOf } from '../../equations/equation.ts';
import type { Tensor } from '../../equations/tensor.ts';
import type { CalledPass } from '../../schedule/calledPass.ts';
import { functionsInOrder, type LoopFunction } from '../../schedule/loops/loopPlan.ts';
import type { Memory, PlacedPlan } from '../../schedule/loops/memory.ts';
import type { HelperName } from '../wasmFunction.ts';
import { printHelpers } from '../wasmMath.ts';
import { type BatchCalls, batchFunctions } from './watBatch.ts';
import { WatFunction } from './watFunction.ts';
import { ascii } from './watNames.ts';

/** What stands in a module beside its code. */
export interface WatText {
  readonly title: string;
  /** Lines at the head of a function, and above each of its nests. */
  readonly remarksOf: (one: LoopFunction) => { readonly head: readonly string[]; readonly nests: readonly string[][] };
  /** The formulas of the optimiser's step. */
  readonly step: readonly string[];
  /** Whether the engine has relaxed multiply-adds. */
  readonly isRelaxed: boolean;
}

const bytesPerPage = 65_536;

export function pagesOf({ bytes }: Memory): number {
  return Math.max(1, Math.ceil(bytes / bytesPerPage));
}

/** A whole module as WebAssembly text, with every equation as a comment above its loops. */
export function printWatModule(plan: PlacedPlan, text: WatText): string {
  const { memory, program } = plan;
  const printer = new FunctionPrinter(plan, text.isRelaxed);
  const functions = [
    ...(copiesInput(plan) ? printer.copyInput() : []),
    ...functionsInOrder(plan).flatMap((one) => printer.layer(one, text)),
    ...(givenOf(program) === undefined ? [] : printer.step(text.step)),
  ];
  return [
    `;; ${text.title}`,
    '(module',
    `  (memory (export "memory") ${pagesOf(memory)} ${pagesOf(memory)})`,
    '',
    ...printHelpers(printer.helpers),
    ...functions,
    ...passFunctions(plan),
    ')',
    '',
  ].join('\n');
}

/** Whether the caller's input lies elsewhere than where the program reads it. */
function copiesInput({ memory, input, program }: PlacedPlan): boolean {
  return memory.offsets.get(input) !== memory.offsets.get(program.input);
}

/** What a caller calls: forward, the loss and backward, of one sample and of many. */
function passFunctions(plan: PlacedPlan): string[] {
  const { memory, program } = plan;
  const calls = (functions: readonly LoopFunction[], spaces = '    '): string[] =>
    functions.map(({ name }) => `${spaces}(call $${ascii(name)})`);
  const passOf = (pass: CalledPass): LoopFunction[] => plan.functions.filter((one) => one.pass === pass);
  const copies = copiesInput(plan);
  const forward = [
    '  (func $forward (export "forward")',
    ...(copies ? [`    (call $copyInput (i32.const ${memory.offsets.get(plan.input)}))`] : []),
    ...calls([...plan.prepareForward, ...passOf('forward')]),
    '  )',
  ];
  const loss = ['  (func $loss (export "loss")', ...calls(passOf('loss')), '  )'];
  const given = givenOf(program);
  if (given === undefined) return [...forward, ...(program.loss ? loss : [])];
  const each: BatchCalls = {
    prepareForward: calls(plan.prepareForward),
    forward: calls(passOf('forward'), '      '),
    prepare: calls(plan.prepare),
    backward: calls([...passOf('loss'), ...passOf('backward')], '      '),
    finish: calls(plan.finish),
    clear: calls(plan.prepare.filter(({ pass }) => pass === 'clear')),
  };
  return [
    ...forward,
    ...(program.loss ? loss : []),
    '  (func $backward (export "backward")',
    ...calls([...plan.prepare, ...passOf('loss'), ...passOf('backward'), ...plan.finish]),
    '  )',
    ...batchFunctions(program, given, memory, copies, each),
  ];
}

/** Prints the functions of one module and notes the helpers that they call. */
class FunctionPrinter {
  readonly helpers = new Set<HelperName>();
  readonly #plan: PlacedPlan;
  readonly #isRelaxed: boolean;

  constructor(plan: PlacedPlan, isRelaxed: boolean) {
    this.#plan = plan;
    this.#isRelaxed = isRelaxed;
  }

  copyInput(): string[] {
    const { copy, input } = this.#plan;
    const code = copy.nests.flatMap((nest) => nest.code);
    return this.#function('copyInput', ' (param $from i32)', [{ remarks: [], code }], input);
  }

  layer(one: LoopFunction, { remarksOf }: WatText): string[] {
    const { head, nests } = remarksOf(one);
    const sections = one.nests.map(({ code }, position) => ({ remarks: nests[position] ?? [], code }));
    return this.#function(ascii(one.name), '', [{ remarks: head, code: [] }, ...sections]);
  }

  /** A step of the optimiser, and the scaling of the gradients. */
  step(remarks: readonly string[]): string[] {
    const { step, scale } = this.#plan;
    return [
      ...this.#function('step', ' (export "step") (param $rate f32)', [{ remarks, code: step }]),
      ...this.#function('scale', ' (export "scale") (param $factor f32)', [{ remarks: [], code: scale }]),
    ];
  }

  #function(
    name: string,
    head: string,
    sections: readonly { readonly remarks: readonly string[]; readonly code: readonly Code[] }[],
    from?: Tensor,
  ): string[] {
    const printed = new WatFunction(this.#plan.memory, this.#isRelaxed, from);
    for (const { remarks, code } of sections) {
      for (const remark of remarks) printed.remark(remark);
      printed.print(code);
    }
    for (const helper of printed.helpers) this.helpers.add(helper);
    const declarations = printed.declarations.map((line) => `    ${line}`);
    return [`  (func $${name}${head}`, ...declarations, ...printed.lines, '  )', ''];
  }
}
