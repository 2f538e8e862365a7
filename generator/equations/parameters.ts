import type { Parameter, Run } from './equation.ts';
import { sizeOf } from './tensor.ts';

/** Where each parameter begins in the flat array. */
export function offsetsOf(parameters: readonly Parameter[]): number[] {
  let next = 0;
  return parameters.map(({ tensor }) => {
    const offset = next;
    next += sizeOf(tensor);
    return offset;
  });
}

/** The parameters that learn, those side by side as one run. */
export function learningRuns(parameters: readonly Parameter[]): readonly Run[] {
  const offsets = offsetsOf(parameters);
  const runs: Run[] = [];
  for (const [position, { tensor, learns }] of parameters.entries()) {
    if (!learns) continue;
    const [start, last] = [offsets[position] as number, runs.at(-1)];
    if (last === undefined || last.start + last.count < start) runs.push({ start, count: sizeOf(tensor) });
    else runs.splice(-1, 1, { ...last, count: last.count + sizeOf(tensor) });
  }
  return runs;
}

export function countParameters(parameters: readonly Parameter[]): number {
  return parameters.reduce((total, { tensor }) => total + sizeOf(tensor), 0);
}
