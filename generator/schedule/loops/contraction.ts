import type { Index } from '../../equations/affine.ts';
import type { Equation } from '../../equations/equation.ts';
import type { Expression, Read } from '../../equations/expression.ts';

/** A product of two reads, summed up: a convolution, a matrix product, and their gradients. */
export interface Contraction {
  readonly over: readonly Index[];
  readonly summed: readonly Index[];
  readonly factors: readonly [Read, Read];
}

/** The product of two reads that an equation sums up, if it is one. */
export function contractionOf({ over, value }: Equation): Contraction | undefined {
  const terms = value.kind === 'plus' ? value.terms : [value];
  const sums = terms.filter((term) => term.kind === 'sum');
  const [summed] = sums;
  if (summed === undefined || sums.length > 1 || summed.body.kind !== 'times') return undefined;
  const { factors } = summed.body;
  const [a, b] = factors;
  if (factors.length !== 2 || a?.kind !== 'read' || b?.kind !== 'read') return undefined;
  return { over, summed: summed.over, factors: [a, b] };
}

/** The indices of a read. */
export function indicesIn(r: Read): ReadonlySet<Index> {
  return new Set(r.at.flatMap((coordinate) => [...coordinate.terms.keys()]));
}

/** The only sum among the terms of a value. */
export function sumIn(value: Expression) {
  const sums = (value.kind === 'plus' ? value.terms : [value]).filter((term) => term.kind === 'sum');
  return sums.length === 1 ? sums[0] : undefined;
}
