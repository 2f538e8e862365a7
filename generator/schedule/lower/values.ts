import type { Sum, Value } from '../../code/code.ts';
import { keyOfInt } from '../../code/integers.ts';
import { storageOf, type Tensor } from '../../equations/tensor.ts';
import type { Scope } from '../loops/scope.ts';

/** A value that will be written more than once. */
export function named(value: Value, scope: Scope, name: string): Value {
  if (value.kind === 'local' || value.kind === 'number') return value;
  const local = { name: scope.names.numbered(name) };
  scope.code.push({ kind: 'constant', local, value });
  return { kind: 'local', local };
}

/** The same text for the same element. */
export function elementKey(tensor: Tensor, at: Sum): string {
  return `${storageOf(tensor).name}[${keyOfInt(at)}]`;
}

/** `k` of `k1`, which no array is named. */
export function letterOf(name: string): string {
  return name.replace(/\d+$/, '');
}
