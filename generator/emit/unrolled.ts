import type { Program } from '../equations/equation.ts';
import type { FunctionName } from '../equations/functionName.ts';
import { sizeOf } from '../equations/tensor.ts';
import { elementLine, type LegendLine, legendOf, printLegend } from '../print/legend.ts';
import { arrayName, type HelperName, helperOf } from '../print/typescript.ts';
import { macsOf } from '../schedule/cost.ts';
import type { CalledPass } from '../schedule/functionPlan.ts';
import { policy } from '../schedule/policy.ts';
import { childrenOf, countOperations, type Scalar } from '../schedule/scalar.ts';
import type { UnrolledPlan } from '../schedule/unrolledPlan.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { Commentary } from './commentary.ts';
import { copyLoop, type FormView } from './form.ts';
import { format } from './format.ts';
import { printFunction } from './function.ts';

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
  const blocks = plan.functions.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === 'explain' ? step.blocks : [])),
  );
  const equations = [...new Set(blocks.flatMap((block) => block.equations))];
  const commentary = new Commentary(network, program, equations, derives);
  return {
    functions: plan.functions.map((one, position) => printFunction(one, position, plan, commentary, program)),
    arrays: new Map(plan.stored.map((tensor) => [tensor, sizeOf(tensor)])),
    hasScratch: plan.functions.some(({ steps }) => steps.some(({ kind }) => kind === 'tournament')),
    arraySuffix: '',
    inputCopy: [copyLoop(arrayName(program.input), sizeOf(program.input))],
    helpers: helpersOf(plan),
    macs: macsOf(program),
    step: plan.step,
    legend: printLegend([
      ...[elementLine(equations) ?? []].filter((line) => line.length === 2),
      ...legendOf(program, equations),
    ] as LegendLine[]),
    facts: factsOf(program, plan, limit),
  };
}

function helpersOf(plan: UnrolledPlan): HelperName[] {
  const names = new Set<FunctionName>();
  const visit = (s: Scalar): void => {
    if (s.kind === 'call') names.add(s.name);
    for (const child of childrenOf(s)) visit(child);
  };
  for (const { value } of plan.statements) visit(value);
  return [...new Set([...names].flatMap((name) => helperOf(name) ?? []))];
}

function factsOf(program: Program, plan: UnrolledPlan, limit: number): string[] {
  const operations = (...passes: readonly CalledPass[]): string => {
    const counts = passes.flatMap((pass) => plan.statementsOf(pass)).map(({ value }) => countOperations(value));
    const total = (of: (one: (typeof counts)[number]) => number): string =>
      format(counts.reduce((all, one) => all + of(one), 0));
    return `${total(({ additions }) => additions)} additions, ${total(({ multiplications }) => multiplications)} multiplications`;
  };
  const largest = plan.functions.reduce((most, { bytecode }) => Math.max(most, bytecode), 0);
  return [
    `forward     ${operations('forward')}`,
    ...(program.backward.length > 0 ? [`backward    ${operations('loss', 'backward')}`] : []),
    `functions   ${plan.functions.length}, the largest about ${format(largest)} bytes of bytecode (V8 optimises up to ${format(policy.bytecodeLimit)})`,
    `form        unrolled: about ${format(plan.terms)} terms, up to ${format(limit)} are written out without asking`,
  ];
}
