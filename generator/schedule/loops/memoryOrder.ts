import type { Index } from '../../equations/affine.ts';
import type { Equation } from '../../equations/equation.ts';
import type { Expression } from '../../equations/expression.ts';
import { forEachRead } from '../../equations/visit.ts';
import { present } from '../../lists.ts';
import { type Layouts, strideOf } from './layout.ts';

/**
 * The same with the indices of each sum in the order in which memory runs, the furthest steps outermost: of
 * dx[h,w,c] = Σ_{o,p,q} dz[h−p,w−q,o]·W[p,q,o,c] the loop over o comes last. N6's second convolution takes 22 instead of
 * 32 µs, and loops over memory without gaps can become one.
 */
export function inMemoryOrder(one: Equation, layouts: Layouts): Equation {
  const { value } = one;
  if (value.kind !== 'plus') return { ...one, value: ordered(value, layouts) };
  return { ...one, value: { ...value, terms: value.terms.map((term) => ordered(term, layouts)) } };
}

function ordered(term: Expression, layouts: Layouts): Expression {
  if (term.kind !== 'sum') return term;
  const steps = new Map(term.over.map((one) => [one, furthest(term.body, one, layouts)]));
  const step = (one: Index): number => present(steps.get(one));
  return { ...term, over: [...term.over].sort((a, b) => step(b) - step(a)) };
}

/** The furthest that one more of an index moves any of the reads. */
function furthest(body: Expression, one: Index, layouts: Layouts): number {
  let furthest = 0;
  forEachRead(body, true, (r) => {
    furthest = Math.max(furthest, Math.abs(strideOf(r, one, layouts)));
  });
  return furthest;
}
