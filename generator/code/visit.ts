import type { Tensor } from '../equations/tensor.ts';
import type { Code, Int, Value } from './code.ts';
import { bodyOf, integersIn, integersOfValue, integersWithin, partsOf, valuesIn } from './parts.ts';

/** What is to be done with the parts of code. */
export interface Visitor {
  /** Every integer, from the outside in. */
  readonly int?: (value: Int) => void;
  /** Every array that is read or written. */
  readonly array?: (array: Tensor) => void;
}

/** Visits every integer and every array in code, in the order of the text. */
export function visitCode(code: readonly Code[], visitor: Visitor): void {
  for (const one of code) {
    if ('array' in one) visitor.array?.(one.array);
    for (const value of integersIn(one)) visitInt(value, visitor);
    for (const value of valuesIn(one)) visitValue(value, visitor);
    if (one.kind === 'loop') for (const { value } of one.pointers ?? []) visitInt(value, visitor);
    visitCode(bodyOf(one), visitor);
  }
}

function visitInt(value: Int, visitor: Visitor): void {
  visitor.int?.(value);
  if (value.kind === 'load') visitor.array?.(value.array);
  for (const one of integersWithin(value)) visitInt(one, visitor);
}

function visitValue(value: Value, visitor: Visitor): void {
  if (value.kind === 'load') visitor.array?.(value.array);
  for (const one of integersOfValue(value)) visitInt(one, visitor);
  for (const part of partsOf(value)) visitValue(part, visitor);
}
