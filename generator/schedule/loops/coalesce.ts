import {
  type Affine,
  constant,
  type Index,
  indicesOf,
  plain,
  staysWithin,
  substituteAffine,
} from '../../equations/affine.ts';
import type { Equation } from '../../equations/equation.ts';
import type { Expression, Read } from '../../equations/expression.ts';
import { substitute } from '../../equations/substitute.ts';
import { childrenOf, forEachRead } from '../../equations/visit.ts';
import { pairsOf } from '../../lists.ts';
import { absorbs, type Layouts, layoutIn, strideOf } from './layout.ts';

/**
 * Joins two neighbouring loops into one where memory runs on from the end of the inner one to the next turn of the outer
 * one, in every array: q and c of W[q,c] and x[j+q,c] become one index over both.
 */
export function coalesce(equations: readonly Equation[], layouts: Layouts): readonly Equation[] {
  const [first] = equations;
  if (first === undefined || !equations.every(({ value }) => isStraight(value))) return equations;
  for (let position = first.over.length - 2; position >= 0; position--) {
    const [outer, inner] = first.over.slice(position) as [Index, Index];
    const isShared = equations.every(({ over }) => over.includes(outer) && over.includes(inner));
    if (isShared && equations.every((one) => runsOn(one, outer, inner, layouts))) {
      return coalesce(join(equations, outer, inner), layouts);
    }
  }
  return equations;
}

/** The same for the indices that one equation sums over: q and c of Σ W[p,q,c,o]·x[i+p,j+q,c]. */
export function coalesceSums(one: Equation, layouts: Layouts): Equation {
  const terms = one.value.kind === 'plus' ? one.value.terms : [one.value];
  const sum = terms.find(({ kind }) => kind === 'sum');
  if (sum?.kind !== 'sum' || !isStraight(sum.body)) return one;
  for (let position = sum.over.length - 2; position >= 0; position--) {
    const [outer, inner] = sum.over.slice(position) as [Index, Index];
    if (!runsOn({ ...one, value: sum.body }, outer, inner, layouts)) continue;
    const { both, by } = joint(outer, inner);
    const over = sum.over.filter((index) => index !== outer).map((index) => (index === inner ? both : index));
    const joined: Expression = { ...sum, over, body: substitute(sum.body, by) };
    const value = one.value.kind === 'plus' ? { ...one.value, terms: replaced(terms, sum, joined) } : joined;
    return coalesceSums({ ...one, staysInside: true, value }, layouts);
  }
  return one;
}

function replaced<T>(list: readonly T[], old: T, by: T): T[] {
  return list.map((one) => (one === old ? by : one));
}

function joint(outer: Index, inner: Index): { readonly both: Index; readonly by: ReadonlyMap<Index, Affine> } {
  const both: Index = { name: 'n', size: outer.size * inner.size };
  const by = new Map([
    [outer, constant(0)],
    [inner, plain(both)],
  ]);
  return { both, by };
}

function join(equations: readonly Equation[], outer: Index, inner: Index): readonly Equation[] {
  const { both, by } = joint(outer, inner);
  return equations.map((one) => ({
    ...one,
    staysInside: true,
    at: one.at.map((coordinate) => substituteAffine(coordinate, by)),
    over: one.over.filter((index) => index !== outer).map((index) => (index === inner ? both : index)),
    value: substitute(one.value, by),
  }));
}

/** Whether an expression is nothing but arithmetic on elements: no reduction and no question about places. */
export function isStraight(e: Expression): boolean {
  if (e.kind === 'sum' || e.kind === 'max' || e.kind === 'argmax' || e.kind === 'logSumExp') return false;
  if (e.kind === 'count' || e.kind === 'address') return false;
  if (e.kind === 'where' && e.condition.kind !== 'compare') return false;
  return childrenOf(e).every(isStraight);
}

function runsOn({ target, at, value, staysInside }: Equation, outer: Index, inner: Index, layouts: Layouts): boolean {
  const fits = (r: Pick<Read, 'tensor' | 'at'>, context: 'factor' | 'target' | undefined): boolean => {
    const layout = layoutIn(layouts, r.tensor);
    const isOpen = !staysInside && pairsOf(r.at, r.tensor.shape).some(([at, size]) => !staysWithin(at, size));
    if (isOpen && (context === undefined || !absorbs(layout, context))) return false;
    // The winner that decides a place must not change along the way.
    const winners = r.at.flatMap(({ terms }) => [...terms.keys()].flatMap(({ winner }) => winner?.read.at ?? []));
    if (indicesOf(winners).some((one) => one === outer || one === inner)) return false;
    return strideOf(r, outer, layouts) === inner.size * strideOf(r, inner, layouts);
  };
  let isFine = fits({ tensor: target, at }, 'target');
  forEachRead(value, true, (r, isAbsorbed) => {
    isFine &&= fits(r, isAbsorbed ? 'factor' : undefined);
  });
  return isFine;
}
