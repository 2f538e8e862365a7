import type { Tensor } from '../../equations/tensor.ts';
import { type Code, type Int, partsOf, type Test, type Value } from './kernel.ts';

/** What is to be done with the parts of code. */
export interface Visitor {
  /** Every integer, from the outside in. */
  readonly int?: (value: Int) => void;
  /** Every array that is read or written. */
  readonly array?: (array: Tensor) => void;
}

/** Visits every integer and every array in code, in the order of the text. */
export function visitCode(code: readonly Code[], visitor: Visitor): void {
  for (const one of code) visitOne(one, visitor);
}

function visitOne(one: Code, visitor: Visitor): void {
  switch (one.kind) {
    case 'loop':
      visitInt(one.from, visitor);
      visitInt(one.to, visitor);
      for (const { value } of one.pointers ?? []) visitInt(value, visitor);
      visitCode(one.body, visitor);
      return;
    case 'if':
      visitTest(one.test, visitor);
      visitCode(one.body, visitor);
      return;
    case 'integer':
    case 'counter':
      visitInt(one.value, visitor);
      return;
    case 'constant':
    case 'mutable':
    case 'plus':
    case 'replace':
      visitValue(one.value, visitor);
      return;
    case 'store':
      visitor.array?.(one.array);
      visitInt(one.at, visitor);
      visitValue(one.value, visitor);
      return;
    case 'storeInteger':
      visitor.array?.(one.array);
      visitInt(one.at, visitor);
      visitInt(one.value, visitor);
      return;
    case 'challenge':
      visitValue(one.candidate, visitor);
      if (one.place) visitInt(one.place.value, visitor);
      return;
    case 'tournament':
      for (const { value } of one.candidates) visitValue(value, visitor);
      return;
    case 'clear':
      visitor.array?.(one.array);
      return;
    case 'across':
    case 'remark':
      return;
  }
}

function visitInt(value: Int, visitor: Visitor): void {
  visitor.int?.(value);
  switch (value.kind) {
    case 'least':
    case 'greatest':
      for (const one of value.of) visitInt(one, visitor);
      return;
    case 'floor':
    case 'ceiling':
      visitInt(value.dividend, visitor);
      return;
    case 'between':
      visitInt(value.from, visitor);
      visitInt(value.to, visitor);
      return;
    case 'load':
      visitor.array?.(value.array);
      visitInt(value.at, visitor);
      return;
    case 'splat':
      visitInt(value.of, visitor);
      return;
    case 'sum':
    case 'digit':
      return;
  }
}

function visitValue(value: Value, visitor: Visitor): void {
  if (value.kind === 'load') {
    visitor.array?.(value.array);
    visitInt(value.at, visitor);
  } else if (value.kind === 'fromInt') visitInt(value.value, visitor);
  else if (value.kind === 'select') visitTestIntegers(value.test, visitor);
  for (const part of partsOf(value)) visitValue(part, visitor);
}

function visitTest(test: Test, visitor: Visitor): void {
  visitTestIntegers(test, visitor);
  if (test.kind === 'compare') {
    visitValue(test.left, visitor);
    visitValue(test.right, visitor);
  } else if (test.kind === 'every') for (const one of test.of) visitTest(one, visitor);
}

function visitTestIntegers(test: Test, visitor: Visitor): void {
  if (test.kind === 'equal') {
    visitInt(test.left, visitor);
    visitInt(test.right, visitor);
  } else if (test.kind === 'within') visitInt(test.value, visitor);
  else if (test.kind === 'every') for (const one of test.of) visitTestIntegers(one, visitor);
}
