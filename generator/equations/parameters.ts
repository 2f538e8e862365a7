import type { Parameter, Run } from './equation.ts';
import { sizeOf } from './tensor.ts';

/** A parameter, and where it begins in the flat array. */
export interface PlacedParameter extends Parameter {
  readonly offset: number;
}

/** The parameters one after the other in the flat array. */
export function placeParameters(parameters: readonly Parameter[]): PlacedParameter[] {
  let next = 0;
  return parameters.map((parameter) => {
    const offset = next;
    next += sizeOf(parameter.tensor);
    return { ...parameter, offset };
  });
}

/** The parameters that learn, those side by side as one run. */
export function learningRuns(parameters: readonly Parameter[]): readonly Run[] {
  const runs: Run[] = [];
  for (const { tensor, learns, offset: start } of placeParameters(parameters)) {
    if (!learns) continue;
    const last = runs.at(-1);
    if (last === undefined || last.start + last.count < start) runs.push({ start, count: sizeOf(tensor) });
    else runs.splice(-1, 1, { ...last, count: last.count + sizeOf(tensor) });
  }
  return runs;
}

export function countParameters(parameters: readonly Parameter[]): number {
  return parameters.reduce((total, { tensor }) => total + sizeOf(tensor), 0);
}
