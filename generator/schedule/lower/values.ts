import type { Sum, Value } from '../../code/code.ts';
import { keyOfInt } from '../../code/integers.ts';
import { storageOf, type Tensor } from '../../equations/tensor.ts';
import type { Scope } from '../loops/scope.ts';

export const zero: Value = { kind: 'number', value: 0 };

/** A value that will be written more than once. */
export function named(value: Value, scope: Scope, name: string): Value {
  if (value.kind === 'local' || value.kind === 'number') return value;
  const local = { name: scope.names.numbered(name) };
  scope.code.push({ kind: 'constant', local, value });
  return { kind: 'local', local };
}

/** The sum of values, without zeros. */
export function addValues(terms: readonly Value[]): Value {
  const present = terms.filter((term) => term.kind !== 'number' || term.value !== 0);
  if (present.length === 0) return zero;
  return present.length === 1 ? (present[0] as Value) : { kind: 'plus', terms: present };
}

/** The same text for the same element. */
export function elementKey(tensor: Tensor, at: Sum): string {
  return `${storageOf(tensor).name}[${keyOfInt(at)}]`;
}

/** `k` of `k1`, which no array is named. */
export function letterOf(name: string): string {
  return name.replace(/\d+$/, '');
}
