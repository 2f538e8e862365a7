import type { Program } from '../equations/equation.ts';
import type { Plan } from '../pipeline.ts';
import { printCode } from '../print/loops.ts';
import { localName, ScalarPrinter } from '../print/typescript.ts';
import { functionsInOrder, type LoopPlan } from '../schedule/loops/loopPlan.ts';
import type { UnrolledPlan } from '../schedule/unrolledPlan.ts';
import type { Network, ShapedNetwork } from '../spec/network.ts';
import { Commentary } from './commentary.ts';

/** A network as JSON, defaults filled in. */
export function dumpNetwork(network: Network): string {
  return `${JSON.stringify(network, null, 2)}\n`;
}

/** Every equation, a line each, with what it says to a reader. */
export function dumpEquations(network: ShapedNetwork, program: Program, derives = false): string {
  const all = [...program.forward, ...program.backward];
  const commentary = new Commentary(network, program, all, derives);
  const lines = all.flatMap((equation) => [
    ...(equation.pass === 'forward' ? commentary.viewsBefore(equation.layer) : commentary.viewsBefore(undefined)),
    ...commentary.derivation(equation).map((line) => `  | ${line}`),
    `${equation.layer}: ${commentary.line(equation)}`,
    ...commentary.notes(equation).map((note) => `    ${note}`),
  ]);
  lines.push(...commentary.viewsBefore(undefined));
  return `${lines.join('\n')}\n`;
}

/** Every function: what it computes, loads and stores, and its size. */
export function dumpPlan(planned: Plan): string {
  return planned.form === 'unrolled' ? dumpUnrolledPlan(planned.plan) : dumpLoopPlan(planned.plan);
}

function dumpLoopPlan(plan: LoopPlan): string {
  const lines = functionsInOrder(plan).map(({ name, nests }) => {
    const targets = nests.map(({ equations }) => equations.map(({ target }) => target.name).join(' with '));
    return `${name}: ${targets.join(', ')}`;
  });
  const arrays = [...plan.layouts].map(
    ([{ name, shape }, { length, border }]) => `${name}: ${shape.join('×')}, ${length} numbers, border ${border}`,
  );
  return `${[...lines, '', ...arrays].join('\n')}\n`;
}

function dumpUnrolledPlan({ functions, names }: UnrolledPlan): string {
  const lines = functions.map(({ layers, loads, steps, bytecode }, position) => {
    const statements = steps.filter(({ kind }) => kind === 'assign' || kind === 'assignStored').length;
    return `${names[position]}: ${layers.join(', ')}; ${statements} statements, ${loads.length} loads, about ${bytecode} bytes of bytecode`;
  });
  return `${lines.join('\n')}\n`;
}

/** Every statement in order; the unrolled form has no loops left. */
export function dumpLoops(planned: Plan): string {
  if (planned.form === 'unrolled') return dumpStatements(planned.plan);
  const lines = functionsInOrder(planned.plan).flatMap(({ name, nests }) => [
    `${name}:`,
    ...nests.flatMap(({ code }) => printCode(code, '  ')),
  ]);
  return `${lines.join('\n')}\n`;
}

function dumpStatements({ functions, names }: UnrolledPlan): string {
  const lines = functions.flatMap(({ loads, steps }, position) => {
    const printer = new ScalarPrinter(loads);
    const body = steps.flatMap((step) => {
      if (step.kind === 'explain') return [];
      if (step.kind === 'store') return [`  store ${step.elements.map(localName).join(', ')}`];
      if (step.kind === 'tournament') return printer.tournament(step.maximum, step.winner, '  ');
      return [
        step.kind === 'assign'
          ? printer.assign(step.statement, '  ')
          : printer.assignStored(step.statement, false, '  '),
      ];
    });
    return [`${names[position]}:`, `  load ${loads.map(localName).join(', ')}`, ...body];
  });
  return `${lines.join('\n')}\n`;
}
