import type { Parameter } from '../equations/equation.ts';
import { sizeOf } from '../equations/tensor.ts';

/** Where each parameter begins in the flat array. */
export function offsetsOf(parameters: readonly Parameter[]): number[] {
  let next = 0;
  return parameters.map(({ tensor }) => {
    const offset = next;
    next += sizeOf(tensor);
    return offset;
  });
}
