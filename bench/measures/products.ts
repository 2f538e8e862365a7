import { type Affine, bounds, type Index, winnersIn } from '../../generator/equations/affine.ts';
import type { Equation } from '../../generator/equations/equation.ts';
import type { Expression } from '../../generator/equations/expression.ts';
import { forEachRead } from '../../generator/equations/visit.ts';

/** How many products an equation adds up, those that lie outside of a tensor left out. */
export function productsIn(equation: Equation): number {
  const terms = equation.value.kind === 'plus' ? equation.value.terms : [equation.value];
  return terms.reduce((sum, term) => {
    const over = term.kind === 'sum' ? [...equation.over, ...term.over] : equation.over;
    const body = term.kind === 'sum' ? term.body : term;
    const isProduct = body.kind === 'times' && (term.kind === 'sum' || isWinnerProduct(body));
    return isProduct ? sum + placesInside(over, body) : sum;
  }, 0);
}

function isWinnerProduct(body: Expression): boolean {
  return body.kind === 'times' && body.factors.filter(({ kind }) => kind === 'read').length > 1;
}

/** Indices that share a coordinate are counted together, all others multiply. */
function placesInside(over: readonly Index[], body: Expression): number {
  const open: { readonly at: Affine; readonly size: number }[] = [];
  forEachRead(body, false, ({ tensor, at }) => {
    for (const [axis, coordinate] of at.entries()) {
      const size = tensor.shape[axis] as number;
      const { min, max } = bounds(coordinate);
      if ((min < 0 || max >= size) && winnersIn(coordinate).length === 0) open.push({ at: coordinate, size });
    }
  });
  let count = 1;
  const left = new Set(over);
  for (const first of over) {
    if (!left.delete(first)) continue;
    const own = [first];
    for (const one of own) {
      for (const { at } of open.filter(({ at }) => at.terms.has(one)))
        for (const other of at.terms.keys()) if (left.delete(other)) own.push(other);
    }
    const asked = open.filter(({ at }) => own.some((one) => at.terms.has(one)));
    count *= asked.length === 0 ? first.size : countOf(own, asked, new Map());
  }
  return count;
}

function countOf(
  [one, ...others]: readonly Index[],
  asked: readonly { readonly at: Affine; readonly size: number }[],
  place: ReadonlyMap<Index, number>,
): number {
  if (one === undefined) {
    const isInside = asked.every(({ at, size }) => {
      let value = at.constant;
      for (const [index, factor] of at.terms) value += factor * (place.get(index) ?? 0);
      return value >= 0 && value < size;
    });
    return isInside ? 1 : 0;
  }
  let sum = 0;
  for (let n = 0; n < one.size; n++) sum += countOf(others, asked, new Map(place).set(one, n));
  return sum;
}
