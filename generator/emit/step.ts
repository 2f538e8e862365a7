import { scalars } from '../forms/machines.ts';
import type { Step } from '../layers/optimizers.ts';
import { printEquation } from '../print/equation.ts';
import { printCode } from '../print/loops.ts';
import { planStep } from '../schedule/loops/stepPlan.ts';

/** The formulas of an optimiser, a line each. */
export function describeStep({ equations }: Step): readonly string[] {
  return equations.map((equation) => printEquation(equation));
}

/** The body of `step`. */
export function printStep(step: Step): readonly string[] {
  return printCode(planStep(step, scalars), '    ');
}
