import type { Equation } from '../../equations/equation.ts';
import { add, type Expression } from '../../equations/expression.ts';
import type { Elements } from './elements.ts';

/**
 * The equation without terms that are 0 wherever they stand, as what is written out under it has none of them: a reader
 * would look in vain for the tensors in it, to which nothing adds.
 */
export function withoutNothing(one: Equation, elements: Elements): Equation {
  if (one.value.kind !== 'plus') return one;
  const terms = one.value.terms.filter((term) => !isNothing(term, elements));
  return terms.length === 0 || terms.length === one.value.terms.length ? one : { ...one, value: add(...terms) };
}

function isNothing(e: Expression, elements: Elements): boolean {
  if (e.kind === 'read') return elements.of(e.tensor).every((element) => elements.isNothing(element));
  if (e.kind === 'times') return e.factors.some((factor) => isNothing(factor, elements));
  if (e.kind === 'divide') return isNothing(e.dividend, elements);
  return e.kind === 'sum' && isNothing(e.body, elements);
}
