import { definingEquations } from '../equations/defines.ts';
import type { Program } from '../equations/equation.ts';
import type { Plan } from '../pipeline.ts';
import { printEquation } from '../print/equation.ts';
import { explainEquation } from '../print/explain.ts';
import { printCode } from '../print/loops.ts';
import { localName, ScalarPrinter } from '../print/typescript.ts';
import type { LoopFunction, LoopPlan } from '../schedule/loops/loopPlan.ts';
import type { CalledPass } from '../schedule/plan.ts';
import type { UnrolledPlan } from '../schedule/unrolledPlan.ts';
import type { Network } from '../spec/network.ts';

/** A network as JSON, defaults filled in. */
export function dumpNetwork(network: Network): string {
  return `${JSON.stringify(network, null, 2)}\n`;
}

/** Every equation, a line each, with what it says to a reader. */
export function dumpEquations({ forward, backward, outputGradient }: Program): string {
  const all = [...forward, ...backward];
  const defining = definingEquations(all, outputGradient);
  const lines = all.flatMap((equation) => {
    const sign = defining.has(equation) ? '=' : '+=';
    return [
      `${equation.layer}: ${printEquation(equation, sign)}`,
      ...explainEquation(equation, sign).map((note) => `    ${note}`),
    ];
  });
  return `${lines.join('\n')}\n`;
}

/** Every function: what it computes, loads and stores, and its size. */
export function dumpPlan(planned: Plan): string {
  return planned.form === 'unrolled' ? dumpUnrolledPlan(planned.plan) : dumpLoopPlan(planned.plan);
}

function dumpLoopPlan(plan: LoopPlan): string {
  const lines = functionsOf(plan).map(({ name, nests }) => {
    const targets = nests.map(({ equations }) => equations.map(({ target }) => target.name).join(' with '));
    return `${name}: ${targets.join(', ')}`;
  });
  const arrays = [...plan.layouts].map(
    ([{ name, shape }, { length, border }]) => `${name}: ${shape.join('×')}, ${length} numbers, border ${border}`,
  );
  return `${[...lines, '', ...arrays].join('\n')}\n`;
}

/** In the order of their calls. */
function functionsOf({ functions, prepare, finish }: LoopPlan): readonly LoopFunction[] {
  const passOf = (pass: CalledPass) => functions.filter((one) => one.pass === pass);
  return [...passOf('forward'), ...passOf('loss'), ...prepare, ...passOf('backward'), ...finish];
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
  const lines = functionsOf(planned.plan).flatMap(({ name, nests }) => [
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
