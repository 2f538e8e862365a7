import {
  type Affine,
  type Index,
  plain,
  plainIndex,
  sameAffine,
  staysWithin,
  substituteAffine,
} from '../../../equations/affine.ts';
import type { Equation } from '../../../equations/equation.ts';
import type { Expression } from '../../../equations/expression.ts';
import { substitute } from '../../../equations/substitute.ts';
import { storageOf, type Tensor } from '../../../equations/tensor.ts';
import { childrenOf, forEachRead } from '../../../equations/visit.ts';
import { pairsOf } from '../../../lists.ts';

/** Whether a place becomes the other one once its indices are renamed; notes how. */
export function matches(at: readonly Affine[], other: readonly Affine[], by: Map<Index, Affine>): boolean {
  return at.every((coordinate, axis) => {
    const target = other[axis] as Affine;
    const [mine, theirs] = [plainIndex(coordinate), plainIndex(target)];
    if (mine === undefined || theirs === undefined) return sameAffine(coordinate, target);
    const known = by.get(mine);
    if (known !== undefined) return plainIndex(known) === theirs;
    by.set(mine, plain(theirs));
    return mine.size === theirs.size;
  });
}

export function renamed(one: Equation, by: ReadonlyMap<Index, Affine>): Equation {
  return {
    ...one,
    at: one.at.map((coordinate) => substituteAffine(coordinate, by)),
    over: one.over.flatMap((index) => [...(by.get(index) ?? plain(index)).terms.keys()]),
    value: substitute(one.value, by),
  };
}

/** Whether an equation reads a tensor. */
export function reads({ value }: Equation, tensor: Tensor): boolean {
  let found = false;
  forEachRead(value, false, (r) => {
    found ||= storageOf(r.tensor) === storageOf(tensor);
  });
  return found;
}

/** Whether a value exists at every place: what it reads outside of sums and maxima lies inside. */
export function isEverywhere(value: Expression): boolean {
  switch (value.kind) {
    case 'sum':
    case 'max':
    case 'argmax':
    case 'logSumExp':
      return true;
    case 'read':
      return pairsOf(value.at, value.tensor.shape).every(([coordinate, size]) => staysWithin(coordinate, size));
    case 'where':
      return value.condition.kind === 'compare' && childrenOf(value).every(isEverywhere);
    case 'number':
    case 'entry':
    case 'plus':
    case 'times':
    case 'divide':
    case 'call':
    case 'count':
    case 'address':
      return childrenOf(value).every(isEverywhere);
  }
}
