import type { Value } from '../../code/code.ts';

export const zero: Value = { kind: 'number', value: 0 };

/** What is known to be 0 adds nothing; but it exists, so that a function of it has its value: softplus(−0) is log 2. */
export function isZero(value: Value): boolean {
  return value.kind === 'number' && value.value === 0;
}

function isOne(value: Value): boolean {
  return value.kind === 'number' && value.value === 1;
}

/** A sum without zeros; a sum of sums is one. */
export function add(summands: readonly Value[]): Value {
  const terms = summands.flatMap((one) => (one.kind === 'plus' ? one.terms : [one])).filter((one) => !isZero(one));
  const [only] = terms;
  if (only === undefined) return zero;
  return terms.length === 1 ? only : { kind: 'plus', terms };
}

/** A product without ones; a product of products is one. */
export function multiply(operands: readonly Value[]): Value {
  if (operands.some(isZero)) return zero;
  const factors = operands.flatMap((one) => (one.kind === 'times' ? one.factors : [one])).filter((one) => !isOne(one));
  const [only] = factors;
  if (only === undefined) return { kind: 'number', value: 1 };
  return factors.length === 1 ? only : { kind: 'times', factors };
}

export function divide(dividend: Value, divisor: Value): Value {
  return isZero(dividend) || isOne(divisor) ? dividend : { kind: 'divide', dividend, divisor };
}
