import type { Value } from './code.ts';

export const zero: Value = { kind: 'number', value: 0 };

/** What is known to be 0 adds nothing; but it exists, so that a function of it has its value: softplus(−0) is log 2. */
export function isZero(value: Value): boolean {
  return value.kind === 'number' && value.value === 0;
}

function isOne(value: Value): boolean {
  return value.kind === 'number' && value.value === 1;
}

/** A sum as it stands; of one term the term itself, of none 0. */
export function plusOf(terms: readonly Value[]): Value {
  const [only = zero, ...others] = terms;
  return others.length === 0 ? only : { kind: 'plus', terms };
}

/** A product as it stands; of one factor the factor itself, of none 1. */
export function timesOf(factors: readonly Value[]): Value {
  const [only = { kind: 'number', value: 1 } as const, ...others] = factors;
  return others.length === 0 ? only : { kind: 'times', factors };
}

/** A sum without zeros. */
export function addValues(terms: readonly Value[]): Value {
  return plusOf(terms.filter((term) => !isZero(term)));
}

/** The same with the sums among the terms dissolved. */
export function add(summands: readonly Value[]): Value {
  return addValues(summands.flatMap((one) => (one.kind === 'plus' ? one.terms : [one])));
}

/** A product without ones; a product of products is one. */
export function multiply(operands: readonly Value[]): Value {
  if (operands.some(isZero)) return zero;
  const factors = operands.flatMap((one) => (one.kind === 'times' ? one.factors : [one]));
  return timesOf(factors.filter((one) => !isOne(one)));
}

export function divide(dividend: Value, divisor: Value): Value {
  return isZero(dividend) || isOne(divisor) ? dividend : { kind: 'divide', dividend, divisor };
}
