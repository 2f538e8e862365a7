import type { Run, Step } from '../equations/equation.ts';
import { printEquation } from '../print/equation.ts';
import { learnsWhole } from '../schedule/loops/stepPlan.ts';

/** The formulas of an optimiser, a line each. */
export function describeStep(step: Step): readonly string[] {
  const lines = step.formulas.map((equation) => printEquation(equation));
  return learnsWhole(step) ? lines : [...lines, ...whatLearns(step.learning)];
}

function whatLearns([first, ...others]: readonly Run[]): readonly string[] {
  if (first === undefined) return [];
  const rangeOf = ({ start, count }: Run): string => (count === 1 ? `${start}` : `${start}…${start + count - 1}`);
  const likewise = others.length === 0 ? '' : `, likewise ${others.map(rangeOf).join(', ')}`;
  // Indented, as whatever is said of the equation above it.
  return [`  of the parameters ${rangeOf(first)}${likewise}: the others do not learn`];
}
