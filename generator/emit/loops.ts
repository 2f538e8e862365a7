import type { Equation } from '../equations/equation.ts';
import { forEachCall } from '../equations/expression.ts';
import { sizeOf, type Tensor } from '../equations/tensor.ts';
import { explainEquation, printEquation } from '../print/equation.ts';
import { printCode } from '../print/loops.ts';
import { arrayName, type HelperName, helperOf } from '../print/typescript.ts';
import type { Code } from '../schedule/loops/kernel.ts';
import type { LoopFunction, LoopPlan } from '../schedule/loops/loopPlan.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { copyLoop, type FormView, type FunctionView } from './form.ts';
import { docOf } from './function.ts';
import { layerTitle } from './layerTitle.ts';

const indent = '    ';

/** What the fast form contributes to its module. */
export function viewLoops(network: ShapedNetwork, input: Tensor, plan: LoopPlan, reason: string): FormView {
  const lengthOf = (tensor: Tensor): number => plan.layouts.get(tensor)?.length ?? sizeOf(tensor);
  const isBordered = lengthOf(input) !== sizeOf(input);
  return {
    functions: plan.functions.map((one) => printLoopFunction(one, network)),
    arrays: new Map([...plan.stored, input].map((tensor) => [tensor, lengthOf(tensor)])),
    hasScratch: plan.functions.some(({ nests }) => nests.some(({ code }) => hasTournament(code))),
    inputCopy: isBordered ? copyBordered(input, plan) : [copyLoop(arrayName(input), sizeOf(input))],
    helpers: helpersOf(plan),
    macs: plan.macs,
    facts: [`functions   ${plan.functions.length}`, `form        fast: loops around unrolled bodies; ${reason}`],
  };
}

function copyBordered(input: Tensor, plan: LoopPlan): string[] {
  const start = 'input[from + ';
  if (sizeOf(input) > 1) return printCode(plan.inputCopy, indent).map((line) => line.replaceAll('input[', start));
  return [`${indent}${arrayName(input)}[${plan.layouts.get(input)?.offset ?? 0}] = input[from];`];
}

function printLoopFunction({ name, pass, layers, nests }: LoopFunction, network: ShapedNetwork): FunctionView {
  const body = nests.flatMap(({ equations, isSum, code }, position) => [
    ...(position > 0 ? [''] : []),
    ...explain(equations, isSum, network, position === 0),
    ...(nests.length > 1 && declares(code)
      ? [`${indent}{`, ...printCode(code, `${indent}  `), `${indent}}`]
      : printCode(code, indent)),
  ]);
  return { name, pass, doc: docOf({ pass, layers }), body: body.join('\n') };
}

/** Whether a nest has locals outside its loops, which those of another nest could meet. */
function declares(code: readonly Code[]): boolean {
  return code.some(({ kind }) => kind === 'constant' || kind === 'mutable' || kind === 'integer' || kind === 'counter');
}

function explain(
  equations: readonly Equation[],
  isSum: readonly boolean[],
  network: ShapedNetwork,
  isFirst: boolean,
): string[] {
  const title = isFirst ? [`${indent}// ${layerTitle(network, equations[0]?.layer ?? '')}`] : [];
  const lines = equations.flatMap((equation, position) => [
    `${indent}//   ${printEquation(equation, !isSum[position])}`,
    ...explainEquation(equation).map((note) => `${indent}//     ${note}`),
  ]);
  return [...title, ...lines];
}

function hasTournament(code: readonly Code[]): boolean {
  return code.some((one) => {
    if (one.kind === 'tournament') return one.candidates.length > 1;
    return (one.kind === 'loop' || one.kind === 'if') && hasTournament(one.body);
  });
}

function helpersOf(plan: LoopPlan): HelperName[] {
  const helpers = new Set<HelperName>();
  for (const { nests } of plan.functions) {
    for (const { equations } of nests) {
      for (const { value } of equations) {
        forEachCall(value, (name) => {
          const helper = helperOf(name);
          if (helper !== undefined) helpers.add(helper);
        });
      }
    }
  }
  return [...helpers];
}
