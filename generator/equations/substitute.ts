import { type Affine, type Index, plain, substituteAffine } from './affine.ts';
import {
  type ArgMax,
  type Count,
  count,
  type Expression,
  type LogSumExp,
  type Max,
  type Read,
  type Sum,
  sumOver,
} from './expression.ts';
import { mapParts } from './rewrite.ts';

/** An expression that binds indices: they have values inside it and mean nothing outside. */
type Reduction = Sum | Max | ArgMax | LogSumExp | Count;

/**
 * The expression with coordinates in the place of indices. An index that a reduction binds is not the one outside, even
 * if it is the same object, and is renewed where a coordinate put in would otherwise mean it:
 *
 *   Σ_c x[i,c]   with i → c   →   Σ_c′ x[c,c′]
 */
export function substitute(e: Expression, by: ReadonlyMap<Index, Affine>): Expression {
  if (by.size === 0) return e;
  if (!isReduction(e)) {
    return mapParts(
      e,
      (part) => substitute(part, by),
      (at) => substituteAffine(at, by),
    );
  }
  const inner = new Map([...by].filter(([index]) => !e.over.includes(index)));
  const meant = new Set([...inner.values()].flatMap(({ terms }) => [...terms.keys()]));
  return rebound(e, meant, inner, by, substitute);
}

/**
 * The expression with binders of its own where it stands inside those of others: a copy may then be put into the
 * reductions that it was copied from, and no index is bound twice.
 *
 * @param bound the indices that have a value where the expression stands
 */
export function renewBinders(e: Expression, bound: ReadonlySet<Index>): Expression {
  if (!isReduction(e)) {
    return mapParts(
      e,
      (part) => renewBinders(part, bound),
      (at) => at,
    );
  }
  return rebound(e, bound, new Map(), new Map(), (body, by) =>
    renewBinders(substitute(body, by), new Set([...bound, ...e.over])),
  );
}

function isReduction(e: Expression): e is Reduction {
  return e.kind === 'sum' || e.kind === 'max' || e.kind === 'argmax' || e.kind === 'logSumExp' || e.kind === 'count';
}

/**
 * A reduction whose indices are renewed as far as they are among `taken`.
 *
 * @param inner what is substituted in the body
 * @param outer what is substituted in the reads beside the body, which the reduction does not bind
 */
function rebound(
  e: Reduction,
  taken: ReadonlySet<Index>,
  inner: ReadonlyMap<Index, Affine>,
  outer: ReadonlyMap<Index, Affine>,
  change: (body: Expression, by: ReadonlyMap<Index, Affine>) => Expression,
): Expression {
  const renewed = new Map(e.over.filter((index) => taken.has(index)).map((index) => [index, { ...index }]));
  const over = e.over.map((index) => renewed.get(index) ?? index);
  const by = new Map([...inner, ...[...renewed].map(([index, own]) => [index, plain(own)] as const)]);
  const beside = (r: Read): Read => ({ ...r, at: r.at.map((at) => substituteAffine(at, outer)) });
  switch (e.kind) {
    case 'sum':
      return sumOver(over, change(e.body, by));
    case 'max':
    case 'logSumExp':
      return { ...e, over, body: change(e.body, by) };
    case 'argmax':
      return { ...e, over, body: change(e.body, by), maximum: beside(e.maximum) };
    case 'count':
      return count(
        over,
        e.inside.map(({ at, size }) => ({ at: substituteAffine(at, by), size })),
        { at: e.at.map((at) => substituteAffine(at, outer)), definition: e.definition },
      );
  }
}
