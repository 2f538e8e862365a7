import { printCode } from '../print/loops.ts';
import { localName, ScalarPrinter } from '../print/typescript.ts';
import type { Step } from '../schedule/functionPlan.ts';
import type { UnrolledPlan } from '../schedule/unrolledPlan.ts';
import type { WrittenOut } from '../schedule/writtenOut.ts';

/** A line for each element. */
export function dumpWrittenOut({ blocks }: WrittenOut): string {
  const printer = new ScalarPrinter([]);
  const lines = blocks.flatMap(({ pass, block }) => [
    `${pass} ${block.target.name}:`,
    ...block.statements.map((statement) => printer.assign(statement, '  ')),
  ]);
  return `${lines.join('\n')}\n`;
}

/** Every function: what it computes, loads and stores, and its size. */
export function dumpUnrolledPlan({ functions, names }: UnrolledPlan): string {
  const lines = functions.map(({ layers, loads, steps, bytecode }, position) => {
    const statements = steps.filter(({ kind }) => kind === 'assign' || kind === 'assignStored').length;
    return `${names[position]}: ${layers.join(', ')}; ${statements} statements, ${loads.length} loads, about ${bytecode} bytes of bytecode`;
  });
  return `${lines.join('\n')}\n`;
}

/** Every statement in order; the optimiser's step alone has loops. */
export function dumpStatements({ functions, names, step: loops }: UnrolledPlan): string {
  const lines = functions.flatMap(({ loads, steps }, position) => {
    const printer = new ScalarPrinter(loads);
    return [
      `${names[position]}:`,
      `  load ${loads.map(localName).join(', ')}`,
      ...steps.flatMap((step) => printStep(step, printer)),
    ];
  });
  const step = loops.length > 0 ? ['step:', ...printCode(loops, '  ')] : [];
  return `${[...lines, ...step].join('\n')}\n`;
}

function printStep(step: Step, printer: ScalarPrinter): string[] {
  switch (step.kind) {
    case 'explain':
      return [];
    case 'store':
      return [`  store ${step.elements.map(localName).join(', ')}`];
    case 'tournament':
      return printer.tournament(step.maximum, step.winner, '  ');
    case 'assign':
      return [printer.assign(step.statement, '  ')];
    case 'assignStored':
      return [printer.assignStored(step.statement, false, '  ')];
  }
}
