import { type Index, staysWithin, winnersIn } from '../../../equations/affine.ts';
import type { Equation } from '../../../equations/equation.ts';
import type { Expression, Read } from '../../../equations/expression.ts';
import { forEachRead } from '../../../equations/visit.ts';
import { sumIn } from '../../loops/contraction.ts';
import { absorbs, type Layouts, layoutIn, strideOf } from '../../loops/layout.ts';
import { lanes } from '../../loops/vectorPolicy.ts';

/** The index of a sum along which everything that it reads lies in memory without gaps, or does not move at all. */
export function summedVector({ value, staysInside }: Equation, layouts: Layouts): Index | undefined {
  const sum = sumIn(value);
  return sum?.over.findLast((one) => {
    const strides: number[] = [];
    let exists = one.size >= lanes && hasLanes(sum.body, one);
    forEachRead(sum.body, true, (r, isAbsorbed) => {
      strides.push(strideOf(r, one, layouts));
      exists &&= !dependsOnWinner(r.at, one);
      exists &&= staysInside || (isAbsorbed && absorbs(layoutIn(layouts, r.tensor), 'factor')) || !leaves(r, one);
    });
    return exists && strides.includes(1) && strides.every((stride) => stride === 0 || stride === 1);
  });
}

/** The index along which every array that is read or written lies in memory without gaps, or does not move at all. */
export function vectorIndex(equations: readonly Equation[], layouts: Layouts, least: number): Index | undefined {
  const [first] = equations as [Equation];
  return [...first.over]
    .reverse()
    .find((one) => one.size >= least && equations.every((equation) => liesAlong(equation, one, layouts)));
}

function liesAlong({ target, at, over, value, staysInside }: Equation, one: Index, layouts: Layouts): boolean {
  if (!over.includes(one) || strideOf({ tensor: target, at }, one, layouts) !== 1 || !hasLanes(value, one))
    return false;
  if (dependsOnWinner(at, one)) return false;
  if (!staysInside && !absorbs(layoutIn(layouts, target), 'target') && leaves({ tensor: target, at }, one))
    return false;
  let isFine = true;
  forEachRead(value, true, (r, isAbsorbed) => {
    const stride = strideOf(r, one, layouts);
    const exists = staysInside || (isAbsorbed && absorbs(layoutIn(layouts, r.tensor), 'factor')) || !leaves(r, one);
    isFine &&= (stride === 0 || stride === 1) && !dependsOnWinner(r.at, one) && exists;
  });
  return isFine;
}

/** A winner that differs from lane to lane gives each lane a place of its own. */
function dependsOnWinner(at: Read['at'], one: Index): boolean {
  const winners = at.flatMap(winnersIn).flatMap(([{ winner }]) => winner?.read.at ?? []);
  return winners.some(({ terms }) => terms.has(one));
}

/** Whether an expression can be computed lane by lane: no question about places that the index would answer. */
function hasLanes(e: Expression, one: Index): boolean {
  switch (e.kind) {
    case 'plus':
      return e.terms.every((term) => hasLanes(term, one));
    case 'times':
      return e.factors.every((factor) => hasLanes(factor, one));
    case 'divide':
      return hasLanes(e.dividend, one) && hasLanes(e.divisor, one);
    case 'call':
      return hasLanes(e.argument, one);
    case 'where': {
      const { condition } = e;
      const isFine =
        condition.kind === 'compare'
          ? hasLanes(condition.left, one) && hasLanes(condition.right, one)
          : condition.kind === 'winner' && condition.at.every(({ terms }) => !terms.has(one));
      return isFine && hasLanes(e.yes, one) && hasLanes(e.no, one);
    }
    case 'sum':
    case 'max':
    case 'argmax':
      return hasLanes(e.body, one);
    case 'count':
      return e.inside.every(({ at }) => !at.terms.has(one));
    case 'logSumExp':
    case 'address':
      return false;
    case 'number':
    case 'read':
      return true;
    case 'entry':
      return e.at.every(({ terms }) => !terms.has(one));
  }
}

/** Whether an index leads outside, so that what one lane reads another lane may not. */
function leaves({ tensor, at }: Pick<Read, 'tensor' | 'at'>, one: Index): boolean {
  return at.some(
    (coordinate, axis) => coordinate.terms.has(one) && !staysWithin(coordinate, tensor.shape[axis] as number),
  );
}
