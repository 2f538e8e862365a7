import type { Cell, Code, Int, Local, Value, Variable } from '../../code/code.ts';
import { integersIn, integersOfValue, integersWithin, partsOf, valuesIn, variablesOf } from '../../code/parts.ts';
import { coordinatesOf, type Tensor } from '../../equations/tensor.ts';

/** One number of a tensor, or one integer of its winners or addresses, under a name: the same object wherever it is read. */
export type Element = (Local | Variable) & { readonly cell: Cell };

/** An element gets its value. */
export type Definition = Extract<Code, { readonly kind: 'constant' | 'integer' }>;

/** An element of a tensor that is no view; named for tensor and coordinates, `W1_0_1`; an axis of size 1 gives no index. */
export function elementOf(array: Tensor, offset: number): Element {
  const shown = coordinatesOf(array.shape, offset).filter((_, axis) => array.shape[axis] !== 1);
  return { name: [array.name, ...shown].join('_'), cell: { array, offset } };
}

/** Whether a tensor's elements are integers. */
export function holdsIntegers({ role }: Tensor): boolean {
  return role === 'winner' || role === 'address';
}

export function isElement(one: Local | Variable): one is Element {
  return one.cell !== undefined;
}

/** The element that gets a value. */
export function targetOf(definition: Definition): Element {
  const target = definition.kind === 'constant' ? definition.local : definition.variable;
  if (!isElement(target)) throw new Error(`${target.name} is no element`);
  return target;
}

/** Calls `visit` for every element that a statement reads, as often as it reads it, in reading order. */
export function forEachRead(one: Code, visit: (element: Element) => void): void {
  for (const int of integersIn(one)) readInteger(int, visit);
  for (const value of valuesIn(one)) readValue(value, visit);
}

function readValue(value: Value, visit: (element: Element) => void): void {
  if (value.kind === 'local' && isElement(value.local)) visit(value.local);
  for (const int of integersOfValue(value)) readInteger(int, visit);
  for (const part of partsOf(value)) readValue(part, visit);
}

function readInteger(int: Int, visit: (element: Element) => void): void {
  for (const one of variablesOf(int)) if (isElement(one)) visit(one);
  for (const inner of integersWithin(int)) readInteger(inner, visit);
}

/** Calls `visit` for every tensor of which any element may be read, whichever a winner says. */
export function forEachArray(one: Code, visit: (array: Tensor) => void): void {
  for (const value of valuesIn(one)) readArrays(value, visit);
}

function readArrays(value: Value, visit: (array: Tensor) => void): void {
  if (value.kind === 'load') visit(value.array);
  for (const part of partsOf(value)) readArrays(part, visit);
}
