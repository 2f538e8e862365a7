import { type Index, indicesOf, plainIndex } from '../../equations/affine.ts';
import type { Equation } from '../../equations/equation.ts';
import type { Expression, Read } from '../../equations/expression.ts';
import { childrenOf } from '../../equations/visit.ts';
import { indicesIn } from './contraction.ts';
import { loopPolicy } from './loopPolicy.ts';

/** A read that every equation multiplies by, and that fewer loops decide than the rest. */
export function commonFactor(
  [first, ...others]: readonly Equation[],
  worth: number = loopPolicy.workWorthSkipping,
): Read | undefined {
  if (first === undefined) return undefined;
  return factorsOf(first).find((candidate) => {
    const inner = first.over.filter((one) => !indicesIn(candidate).has(one));
    const isShared = others.every((other) =>
      factorsOf(other).some((factor) => factor.tensor === candidate.tensor && sameIndices(factor, candidate)),
    );
    return isShared && candidate.tensor.role === 'gradient' && productOf(inner) >= worth;
  });
}

/** The reads that a product consists of. */
export function factorsOf({ value }: Equation): Read[] {
  const factors = value.kind === 'times' ? value.factors : [value];
  return factors.filter((factor): factor is Read => factor.kind === 'read');
}

function sameIndices(a: Read, b: Read): boolean {
  return a.at.every((coordinate, axis) => plainIndex(coordinate) === plainIndex(b.at[axis] as never));
}

/** The factor's channel outermost, so that one filter's gradient stays in the cache. */
export function channelFirst({ over }: Equation, skip: Read): readonly Index[] {
  const channel = skip.at
    .map(plainIndex)
    .filter((index) => index !== undefined)
    .at(-1);
  return channel === undefined ? over : [channel, ...over.filter((one) => one !== channel)];
}

/** How many places some indices have. */
export function productOf(indices: readonly Index[]): number {
  return indices.reduce((product, { size }) => product * size, 1);
}

/** The indices that decide which element of a matrix of constants is meant. */
export function indicesOfEntries(e: Expression): readonly Index[] {
  return e.kind === 'entry' ? indicesOf(e.at) : childrenOf(e).flatMap(indicesOfEntries);
}

/** Windows of a maximum that are small enough to be written out. */
export function smallWindows(e: Expression): readonly Index[] {
  if (e.kind !== 'max' && e.kind !== 'argmax') return [];
  return productOf(e.over) <= loopPolicy.candidatesWrittenOut ? e.over : [];
}
