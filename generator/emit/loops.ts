import { addSums, type Code, type Value, variableSum } from '../code/code.ts';
import { mapParts, mapStatement } from '../code/parts.ts';
import { visitCode } from '../code/visit.ts';
import type { Equation, Program } from '../equations/equation.ts';
import { sizeOf, storageOf, type Tensor } from '../equations/tensor.ts';
import { legendOf, printLegend } from '../print/legend.ts';
import { printCode, printLines } from '../print/typescript/code.ts';
import { arrayName, wrapLines } from '../print/typescript/text.ts';
import { macsOf } from '../schedule/cost.ts';
import { equationsOf, type LoopFunction, type LoopPlan } from '../schedule/loops/loopPlan.ts';
import type { ShapedNetwork } from '../spec/network.ts';
import { Commentary } from './commentary.ts';
import { copyLoop, type FormView, type FunctionView } from './form.ts';
import { byLayer, docOf, explained, hasTournament, helpersIn, joinLines, type LayerLines } from './functionBody.ts';

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
  const code = plan.functions.flatMap(({ nests }) => nests.flatMap((nest) => nest.code));
  const isBordered = lengthOf(input) !== sizeOf(input);
  return {
    functions: plan.functions.map((one) => printLoopFunction(one, commentary)),
    arrays: new Map([...plan.stored, input].map((tensor) => [tensor, lengthOf(tensor)])),
    hasScratch: hasTournament(code),
    arraySuffix: suffix,
    inputCopy: isBordered ? copyBordered(input, plan) : [copyLoop(`${arrayName(input)}${suffix}`, sizeOf(input))],
    helpers: helpersIn(code),
    macs: macsOf(program),
    step: plan.step,
    legend: printLegend(legendOf(program, equationsOf(plan))),
    facts: [`functions   ${plan.functions.length}`, `form        fast: loops around unrolled bodies; ${reason}`],
  };
}

/** The loops that copy `input`, of which a sample begins at `from`. */
function copyBordered(input: Tensor, plan: LoopPlan): string[] {
  if (sizeOf(input) > 1) {
    const code = plan.copy.nests.flatMap((nest) => nest.code.map((one) => readFrom(one, plan.input)));
    return [...takeArrays([input]), ...printCode(code, indent)];
  }
  return [`${indent}${arrayName(input)}${suffix}[${plan.layouts.get(input)?.offset ?? 0}] = input[from];`];
}

/** The same code with an array read from a place on. */
function readFrom(one: Code, array: Tensor): Code {
  const start = variableSum({ name: 'from' });
  const moved = (value: Value): Value =>
    value.kind === 'load' && value.array === array
      ? { ...value, at: addSums(start, value.at) }
      : mapParts(value, moved);
  return mapStatement(one, { value: moved, body: (body) => body.map((inner) => readFrom(inner, array)) });
}

function printLoopFunction({ name, pass, layers, nests }: LoopFunction, commentary: Commentary): FunctionView {
  const body = nests.flatMap(({ equations, code }, position): readonly LayerLines[] => {
    const layerOf = new Map(equations.map(({ target, layer }) => [storageOf(target), layer]));
    const isBlock = nests.length > 1 && declares(code);
    const lines = isBlock
      ? [{ text: `${indent}{` }, ...printLines(code, `${indent}  `), { text: `${indent}}` }]
      : printLines(code, indent);
    return [
      ...(position > 0 ? [{ layer: '', lines: [''] }] : []),
      ...explain(equations, commentary, position === 0),
      // Where one nest computes several layers, what only prepares belongs to the first.
      ...byLayer(lines, layerOf, equations[0]?.layer ?? ''),
    ];
  });
  const code = nests.flatMap((nest) => nest.code);
  const arrays = new Set<Tensor>();
  visitCode(code, { array: (array) => arrays.add(array) });
  const taken = takeArrays([...arrays], hasTournament(code));
  return { name, pass, doc: docOf({ pass, layers }), ...joinLines([{ layer: '', lines: taken }, ...body]) };
}

/** `const x = x_, W1 = W1_;` */
function takeArrays(arrays: readonly Tensor[], hasScratch = false): string[] {
  const names = [...arrays.map(arrayName), ...(hasScratch ? ['s'] : [])];
  const last = names.length - 1;
  const pieces = names.map((name, position) => `${name} = ${name}${suffix}${position < last ? ',' : ';'}`);
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
    lines: explained(equation, commentary, indent),
  }));
  return [{ layer: first, lines: title }, ...lines];
}
