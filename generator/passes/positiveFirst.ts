import type { Value } from '../code/code.ts';
import { mapParts } from '../code/parts.ts';
import { mapUnrolled } from '../schedule/unrolled/plan.ts';
import type { Pass } from './pass.ts';

/** A line that begins with a minus is read twice. */
export const positiveFirst: Pass<'functions'> = {
  name: 'positiveFirst',
  does: 'a sum that begins with a negative term begins with its positive ones',
  gives: 'functions',
  rewrite: 'da = -t + y   →   da = y - t',
  run: (plan) => mapUnrolled(plan, reordered),
};

function reordered(outer: Value): Value {
  const value = mapParts(outer, reordered);
  if (value.kind !== 'plus') return value;
  const [first] = value.terms;
  if (first === undefined || !isNegative(first)) return value;
  const terms = [...value.terms.filter((term) => !isNegative(term)), ...value.terms.filter(isNegative)];
  return { kind: 'plus', terms };
}

function isNegative(value: Value): boolean {
  if (value.kind === 'divide') return isNegative(value.dividend);
  const number = value.kind === 'times' ? value.factors[0] : value;
  return number?.kind === 'number' && number.value < 0;
}
