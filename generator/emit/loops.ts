import type { Equation, Program } from '../equations/equation.ts';
import { sizeOf, storageOf, type Tensor } from '../equations/tensor.ts';
import { forEachCall } from '../equations/visit.ts';
import { legendOf, printLegend } from '../print/legend.ts';
import { printCode } from '../print/loops.ts';
import { arrayName, type HelperName, helperOf, wrapLines } from '../print/typescript.ts';
import { macsOf } from '../schedule/cost.ts';
import type { Code } from '../schedule/loops/kernel.ts';
import { equationsOf, type LoopFunction, type LoopPlan } from '../schedule/loops/loopPlan.ts';
import { visitCode } from '../schedule/loops/visit.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { Commentary } from './commentary.ts';
import { bodyOf, copyLoop, type FormView, type FunctionView, type LayerLines } from './form.ts';
import { docOf } from './function.ts';

const indent = '    ';

/**
 * Loops run faster over arrays in locals: in a nest of loops V8 does not take an array of the closure for a constant,
 * and looks it up anew for every element. N2's step takes 5.2 instead of 6.5 µs, N3's 226 instead of 279 (Node 20).
 */
const suffix = '_';

/** What the fast form contributes to its module. */
export function viewLoops(
  network: ShapedNetwork,
  program: Program,
  plan: LoopPlan,
  reason: string,
  derives: boolean,
): FormView {
  const { input } = program;
  const lengthOf = (tensor: Tensor): number => plan.layouts.get(tensor)?.length ?? sizeOf(tensor);
  const commentary = new Commentary(network, program, equationsOf(plan), derives);
  const isBordered = lengthOf(input) !== sizeOf(input);
  return {
    functions: plan.functions.map((one) => printLoopFunction(one, commentary)),
    arrays: new Map([...plan.stored, input].map((tensor) => [tensor, lengthOf(tensor)])),
    hasScratch: plan.functions.some(({ nests }) => nests.some(({ code }) => hasTournament(code))),
    arraySuffix: suffix,
    inputCopy: isBordered ? copyBordered(input, plan) : [copyLoop(`${arrayName(input)}${suffix}`, sizeOf(input))],
    helpers: helpersOf(plan),
    macs: macsOf(program),
    step: plan.step,
    legend: printLegend(legendOf(program, equationsOf(plan))),
    facts: [`functions   ${plan.functions.length}`, `form        fast: loops around unrolled bodies; ${reason}`],
  };
}

function copyBordered(input: Tensor, plan: LoopPlan): string[] {
  const start = 'input[from + ';
  if (sizeOf(input) > 1) {
    const lines = plan.copy.nests
      .flatMap(({ code }) => printCode(code, indent))
      .map((line) => line.replaceAll('input[', start));
    return [...takeArrays([input]), ...lines];
  }
  return [`${indent}${arrayName(input)}${suffix}[${plan.layouts.get(input)?.offset ?? 0}] = input[from];`];
}

function printLoopFunction({ name, pass, layers, nests }: LoopFunction, commentary: Commentary): FunctionView {
  const body = nests.flatMap(({ equations, code }, position): readonly LayerLines[] => {
    const isBlock = nests.length > 1 && declares(code);
    const lines = isBlock ? [`${indent}{`, ...printCode(code, `${indent}  `), `${indent}}`] : printCode(code, indent);
    return [
      ...(position > 0 ? [{ layer: '', lines: [''] }] : []),
      ...explain(equations, commentary, position === 0),
      ...layersIn(lines, equations),
    ];
  });
  const code = nests.flatMap((nest) => nest.code);
  const arrays = new Set<Tensor>();
  visitCode(code, { array: (array) => arrays.add(array) });
  const taken = takeArrays([...arrays], hasTournament(code));
  return { name, pass, doc: docOf({ pass, layers }), ...bodyOf([{ layer: '', lines: taken }, ...body]) };
}

/** Where one nest computes several layers, a line belongs to the one whose array it writes, and all else to the first. */
function layersIn(lines: readonly string[], equations: readonly Equation[]): readonly LayerLines[] {
  const layerOf = new Map(equations.map(({ target, layer }) => [arrayName(storageOf(target)), layer]));
  const first = equations[0]?.layer ?? '';
  return lines.map((line) => {
    const [, written = ''] = /^ *(\w+)\[[^=]*\] \+?= /.exec(line) ?? [];
    return { layer: layerOf.get(written) ?? first, lines: [line] };
  });
}

/** `const x = x_, W1 = W1_;` */
function takeArrays(arrays: readonly Tensor[], hasScratch = false): string[] {
  const names = [...arrays.map(arrayName), ...(hasScratch ? ['s'] : [])];
  const pieces = names.map((name, position) => `${name} = ${name}${suffix}${position < names.length - 1 ? ',' : ';'}`);
  return pieces.length === 0 ? [] : [wrapLines(`${indent}const `, pieces, indent, '')];
}

/** Whether a nest has locals outside its loops, which those of another nest could meet. */
function declares(code: readonly Code[]): boolean {
  return code.some(({ kind }) => kind === 'constant' || kind === 'mutable' || kind === 'integer' || kind === 'counter');
}

function explain(equations: readonly Equation[], commentary: Commentary, isFirst: boolean): readonly LayerLines[] {
  const first = equations[0]?.layer ?? '';
  const title = isFirst ? commentary.title(first).map((line) => `${indent}// ${line}`) : [];
  const lines = equations.map((equation) => ({
    layer: equation.layer,
    lines: [
      ...commentary.derivation(equation).map((line) => `${indent}// | ${line}`),
      `${indent}//   ${commentary.line(equation)}`,
      ...commentary.notes(equation).map((note) => `${indent}//     ${note}`),
    ],
  }));
  return [{ layer: first, lines: title }, ...lines];
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
