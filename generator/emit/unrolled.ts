import type { Program } from '../equations/equation.ts';
import { sizeOf, type Tensor } from '../equations/tensor.ts';
import { elementLine, type LegendLine, legendOf, printLegend } from '../print/legend.ts';
import { printLines } from '../print/typescript/code.ts';
import { arrayName } from '../print/typescript/text.ts';
import type { CalledPass } from '../schedule/calledPass.ts';
import { macsOf } from '../schedule/cost.ts';
import { policy } from '../schedule/policy.ts';
import { operationsIn } from '../schedule/unrolled/operations.ts';
import { codeOf, type UnrolledFunction, type UnrolledPlan } from '../schedule/unrolled/plan.ts';
import type { Block } from '../schedule/unrolled/unroll.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { Commentary } from './commentary.ts';
import { copyLoop, type FormView, type FunctionView } from './form.ts';
import { format } from './format.ts';
import {
  byLayer,
  docOf,
  equationLine,
  explained,
  hasTournament,
  helpersIn,
  joinLines,
  type LayerLines,
} from './functionBody.ts';

const indent = '    ';

/**
 * What the unrolled form contributes to its module.
 *
 * @param limit terms up to which a network is written out without asking
 */
export function viewUnrolled(
  network: ShapedNetwork,
  program: Program,
  { plan, limit }: { readonly plan: UnrolledPlan; readonly limit: number },
  derives: boolean,
): FormView {
  const blocks = plan.functions.flatMap(({ parts }) => parts.flatMap((part) => part.blocks));
  const equations = [...new Set(blocks.flatMap((block) => block.equations))];
  const commentary = new Commentary(network, program, equations, derives);
  const code = plan.functions.flatMap(codeOf);
  return {
    functions: plan.functions.map((one) => printFunction(one, commentary)),
    arrays: new Map(plan.stored.map((tensor) => [tensor, sizeOf(tensor)])),
    hasScratch: hasTournament(code),
    arraySuffix: '',
    inputCopy: [copyLoop(arrayName(program.input), sizeOf(program.input))],
    helpers: helpersIn(code),
    macs: macsOf(program),
    step: plan.step,
    legend: printLegend([
      ...[elementLine(equations) ?? []].filter((line) => line.length === 2),
      ...legendOf(program, equations),
    ] as LegendLine[]),
    facts: factsOf(program, plan, limit),
  };
}

function printFunction(plan: UnrolledFunction, commentary: Commentary): FunctionView {
  const titled = new Set<string>();
  const layerOf = new Map<Tensor, string>();
  const parts = plan.parts.flatMap(({ blocks, isContinued, code }): readonly LayerLines[] => {
    for (const block of blocks) layerOf.set(block.target, lastLayer(block));
    const explained = blocks.map((block) => ({
      layer: lastLayer(block),
      lines: explainBlock(block, isContinued, commentary, titled),
    }));
    return [...explained, ...byLayer(printLines(code, indent), layerOf, '')];
  });
  const loads = byLayer(printLines(plan.loads, indent), new Map(), '');
  return { name: plan.name, pass: plan.pass, doc: docOf(plan), ...joinLines([...loads, ...parts]) };
}

function lastLayer({ equations }: Block): string {
  return equations.at(-1)?.layer ?? '';
}

/** The layer's title where it begins, then each equation with what it says to a reader. */
function explainBlock(block: Block, isContinued: boolean, commentary: Commentary, titled: Set<string>): string[] {
  const [first] = block.equations;
  const layer = first?.layer ?? '';
  const lines: string[] = [];
  if (!titled.has(layer)) lines.push(...commentary.title(layer).flatMap((title) => ['', `${indent}// ${title}`]));
  titled.add(layer);
  for (const equation of block.equations) {
    lines.push(
      ...(isContinued ? [equationLine(equation, commentary, indent)] : explained(equation, commentary, indent)),
    );
  }
  return lines;
}

function factsOf(program: Program, plan: UnrolledPlan, limit: number): string[] {
  const operations = (...passes: readonly CalledPass[]): string => {
    const called = plan.functions.filter(({ pass }) => passes.includes(pass));
    const { additions, multiplications } = operationsIn(called.flatMap(codeOf));
    return `${format(additions)} additions, ${format(multiplications)} multiplications`;
  };
  const largest = plan.functions.reduce((most, { bytecode }) => Math.max(most, bytecode), 0);
  return [
    `forward     ${operations('forward')}`,
    ...(program.backward.length > 0 ? [`backward    ${operations('loss', 'backward')}`] : []),
    `functions   ${plan.functions.length}, the largest about ${format(largest)} bytes of bytecode (V8 optimises up to ${format(policy.bytecodeLimit)})`,
    `form        unrolled: about ${format(plan.terms)} terms, up to ${format(limit)} are written out without asking`,
  ];
}
