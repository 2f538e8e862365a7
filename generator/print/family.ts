import { type Affine, constant, type Index, indicesOf, plainIndex } from '../equations/affine.ts';
import type { Equation } from '../equations/equation.ts';
import type { Expression, Read } from '../equations/expression.ts';
import { mapParts } from '../equations/rewrite.ts';
import type { Tensor } from '../equations/tensor.ts';
import { readsOf } from '../equations/visit.ts';
import { pairsOf } from '../lists.ts';

/** An equation as it stands for fewer channels, or for many images: words for the ranks, and the equation. */
export interface Relative {
  readonly words: string;
  readonly equation: Equation;
}

/**
 * The forms of one equation on images, from one matrix to N images: an axis of length 1 is left out, and every array but
 * the parameters gets an axis more for the images. Empty where there are no channels to leave out.
 */
export function familyOf(equation: Equation): readonly Relative[] {
  const { target, at, value, pass } = equation;
  const [, , last] = at;
  const written = last && plainIndex(last);
  if (pass !== 'forward' || target.shape.length !== 3 || written === undefined) return [];
  const images = readsOf(value).filter(({ tensor }) => tensor.role !== 'parameter' && tensor.shape.length === 3);
  const read = images.flatMap((one) => indicesOf(one.at.slice(2)));
  const image = read.length > 0 ? 'H×W×C' : 'H×W';
  const isMade = !read.includes(written);
  return [
    { words: 'H×W', equation: without(equation, new Set([written, ...read])) },
    ...(isMade && read.length > 0
      ? [{ words: 'H×W×C, one filter', equation: without(equation, new Set([written])) }]
      : []),
    { words: isMade ? `${image}, n filters` : image, equation },
    { words: `N images of ${image}, s counts them`, equation: ofImages(equation) },
  ];
}

/** The equation where the axes of some indices have length 1. */
function without(equation: Equation, gone: ReadonlySet<Index>): Equation {
  const isGone = ({ terms }: Affine): boolean => terms.size > 0 && [...terms.keys()].every((one) => gone.has(one));
  const tensors = new Map<Tensor, Tensor>();
  const shrink = (tensor: Tensor, at: readonly Affine[]): Tensor => {
    const shape = pairsOf(tensor.shape, at).map(([size, one]) => (isGone(one) ? 1 : size));
    const made = tensors.get(tensor) ?? { ...tensor, shape };
    tensors.set(tensor, made);
    return made;
  };
  const place = (at: readonly Affine[]): Affine[] => at.map((one) => (isGone(one) ? constant(0) : one));
  const change = (e: Expression): Expression => {
    if (e.kind === 'read') return { ...e, tensor: shrink(e.tensor, e.at), at: place(e.at) };
    const changed = mapParts(e, change, (one) => (isGone(one) ? constant(0) : one));
    return changed.kind === 'sum' || changed.kind === 'max'
      ? { ...changed, over: changed.over.filter((one) => !gone.has(one)) }
      : changed;
  };
  const { target, at, over, value } = equation;
  return {
    ...equation,
    target: shrink(target, at),
    at: place(at),
    over: over.filter((one) => !gone.has(one)),
    value: change(value),
  };
}

/** The equation for N images: what is no parameter has an axis more, the first. */
function ofImages(equation: Equation): Equation {
  const image: Index = { name: 's', size: 2 };
  const first: Affine = { constant: 0, terms: new Map([[image, 1]]) };
  const many = (tensor: Tensor): Tensor => ({ ...tensor, shape: [image.size, ...tensor.shape] });
  const change = (e: Expression): Expression => {
    if (e.kind === 'read' && !['parameter', 'statistic'].includes(e.tensor.role))
      return { ...e, tensor: many(e.tensor), at: [first, ...e.at] } satisfies Read;
    return mapParts(e, change, (one) => one);
  };
  const { target, at, over, value } = equation;
  return { ...equation, target: many(target), at: [first, ...at], over: [image, ...over], value: change(value) };
}
