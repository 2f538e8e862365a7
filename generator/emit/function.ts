import type { Program } from '../equations/equation.ts';
import type { Tensor } from '../equations/tensor.ts';
import { inPlace, localName, ScalarPrinter, wrapLines } from '../print/typescript.ts';
import type { FunctionPlan, Step } from '../schedule/functionPlan.ts';
import { groupBy } from '../schedule/groupBy.ts';
import type { Element } from '../schedule/scalar.ts';
import type { Block } from '../schedule/unroll.ts';
import type { UnrolledPlan } from '../schedule/unrolledPlan.ts';
import type { Commentary } from './commentary.ts';
import { bodyOf, type FunctionView, type LayerLines } from './form.ts';

const indent = '    ';

/** Prints one planned function. */
export function printFunction(
  plan: FunctionPlan,
  position: number,
  whole: UnrolledPlan,
  commentary: Commentary,
  program: Program,
): FunctionView {
  const printer = new ScalarPrinter(plan.loads);
  const added = new Set(program.gradients.values());
  const isAdded = ({ tensor }: Element): boolean => added.has(tensor);
  const titled = new Set<string>();
  const layerOf = new Map<Tensor, string>();
  const steps = plan.steps.flatMap((step): readonly LayerLines[] => {
    if (step.kind !== 'explain') {
      const lines = printStep(step, printer, isAdded);
      return [{ layer: layerOf.get(targetOf(step)) ?? '', lines }];
    }
    for (const { target, equations } of step.blocks) layerOf.set(target, equations.at(-1)?.layer ?? '');
    return step.blocks.map((block) => ({
      layer: layerOf.get(block.target) ?? '',
      lines: explainBlock(block, step.continued, commentary, titled),
    }));
  });
  return {
    name: whole.names[position] as string,
    pass: plan.pass,
    doc: docOf(plan),
    ...bodyOf([{ layer: '', lines: printLoads(plan.loads) }, ...steps]),
  };
}

/** What a function does, in one line. */
export function docOf({ pass, layers }: { readonly pass: string; readonly layers: readonly string[] }): string {
  if (pass === 'loss') return 'The loss.';
  return `${pass === 'forward' ? 'Forward' : 'Backward'}: ${layers.join(', ')}.`;
}

function printLoads(loads: readonly Element[]): string[] {
  return [...groupBy(loads, ({ tensor }) => tensor)].map(([, elements]) => {
    const pieces = elements.map(
      (element, position) => `${localName(element)} = ${inPlace(element)}${position < elements.length - 1 ? ',' : ''}`,
    );
    return wrapLines(`${indent}const `, pieces, indent);
  });
}

type Computing = Exclude<Step, { readonly kind: 'explain' }>;

/** The tensor that a step gives numbers to. */
function targetOf(step: Computing): Tensor {
  switch (step.kind) {
    case 'assign':
    case 'assignStored':
      return step.statement.target.tensor;
    case 'tournament':
      return step.maximum.target.tensor;
    case 'store':
      return (step.elements[0] as Element).tensor;
  }
}

function printStep(step: Computing, printer: ScalarPrinter, isAdded: (element: Element) => boolean): string[] {
  switch (step.kind) {
    case 'assign':
      return [printer.assign(step.statement, indent)];
    case 'assignStored':
      return [printer.assignStored(step.statement, isAdded(step.statement.target), indent)];
    case 'tournament':
      return printer.tournament(step.maximum, step.winner, indent);
    case 'store': {
      const pieces = step.elements.map((element, position) => {
        const text = `${inPlace(element)} ${isAdded(element) ? '+=' : '='} ${localName(element)}`;
        return position < step.elements.length - 1 ? `${text};` : text;
      });
      return [wrapLines(indent, pieces, '  ')];
    }
  }
}

/** The layer's title where it begins, then each equation with what it says to a reader. */
function explainBlock(block: Block, continued: boolean, commentary: Commentary, titled: Set<string>): string[] {
  const [first] = block.equations;
  const layer = first?.layer ?? '';
  const lines: string[] = [];
  if (!titled.has(layer)) lines.push(...commentary.title(layer).flatMap((title) => ['', `${indent}// ${title}`]));
  titled.add(layer);
  for (const equation of block.equations) {
    if (!continued) lines.push(...commentary.derivation(equation).map((line) => `${indent}// | ${line}`));
    lines.push(`${indent}//   ${commentary.line(equation)}`);
    if (!continued) lines.push(...commentary.notes(equation).map((note) => `${indent}//     ${note}`));
  }
  return lines;
}
