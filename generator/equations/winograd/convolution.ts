import { type Affine, type Index, plain, plainIndex, plus, times } from '../affine.ts';
import type { Equation } from '../equation.ts';
import type { Expression, Read } from '../expression.ts';
import { storageOf } from '../tensor.ts';

/** One axis along which a kernel slides in steps of 1: the image is read at h + p + start. */
export interface Slide {
  /** The place in the target, and the kernel's. */
  readonly place: Index;
  readonly tap: Index;
  /** Where the kernel is read for the tap p counted along the image: p, or size − 1 − p for a kernel that is turned. */
  readonly kernelAt: (p: Affine) => Affine;
  readonly start: number;
}

/** z[h,w,o] = … + Σ_{p,q,c} W[p,q,c,o]·x[h+p+start,w+q+start,c], whatever way round the kernel lies. */
export interface Convolution {
  readonly rows: Slide;
  readonly columns: Slide;
  readonly input: Index;
  readonly output: Index;
  readonly image: Read;
  readonly kernel: Read;
  /** What the sum is added to. */
  readonly others: readonly Expression[];
}

/** The convolution in steps of 1 that an equation is, with two axes and channels on both sides; the reason if it is none. */
export function convolutionIn({ target, at, over, value }: Equation): Convolution | string {
  const terms = value.kind === 'plus' ? value.terms : [value];
  const sums = terms.filter((term) => term.kind === 'sum');
  const [sum] = sums;
  if (sum?.kind !== 'sum' || sums.length > 1 || sum.body.kind !== 'times') return 'no sum of products';
  const [a, b] = sum.body.factors;
  if (sum.body.factors.length !== 2 || a?.kind !== 'read' || b?.kind !== 'read') return 'no sum of products of two';
  const [h, w, o] = at.map(plainIndex);
  const isWhole = at.length === 3 && h !== undefined && w !== undefined && o !== undefined && over.length === 3;
  if (!isWhole || target.viewOf !== undefined) return 'no image with channels';
  const [kernel, image] = a.tensor.shape.length === 4 ? [a, b] : [b, a];
  const taps = kernel.at.map(plainIndex);
  if (kernel.tensor.shape.length !== 4 || image.tensor.shape.length !== 3 || taps.includes(undefined))
    return 'no kernel and image';
  if (image.tensor.viewOf !== undefined || kernel.tensor.viewOf !== undefined) return 'a view';
  const [row, column, channel] = image.at;
  const rows = slideOf(row, h, taps[0]);
  const columns = slideOf(column, w, taps[1]);
  if (rows === undefined || columns === undefined) return 'no kernel that slides in steps of 1';
  const input = channel && plainIndex(channel);
  const summed = new Set([rows.tap, columns.tap, input]);
  const isAll = sum.over.length === 3 && sum.over.every((one) => summed.has(one));
  const channels = new Set(taps.slice(2));
  if (input === undefined || !isAll || !channels.has(input) || !channels.has(o)) return 'channels in groups';
  return { rows, columns, input, output: o, image, kernel, others: terms.filter((term) => term !== sum) };
}

/** How a coordinate h ± p + k slides. */
function slideOf(coordinate: Affine | undefined, place: Index, tap: Index | undefined): Slide | undefined {
  if (coordinate === undefined || tap === undefined) return undefined;
  const { constant, terms } = coordinate;
  const direction = terms.get(tap);
  if (terms.size !== 2 || terms.get(place) !== 1 || (direction !== 1 && direction !== -1)) return undefined;
  const last = tap.size - 1;
  return direction === 1
    ? { place, tap, kernelAt: (p) => p, start: constant }
    : { place, tap, kernelAt: (p) => plus(last, times(-1, p)), start: constant - last };
}

/** Whether nothing but parameters decides what a kernel holds. */
export function isOfParameters({ tensor }: Read, equations: readonly Equation[]): boolean {
  if (tensor.role === 'parameter') return true;
  const own = equations.filter(({ target }) => storageOf(target) === tensor);
  return own.length === 1 && own[0]?.value.kind === 'read' && isOfParameters(own[0].value, equations);
}

/** An index of one's own, as a coordinate. */
export function fresh(name: string, size: number): { readonly index: Index; readonly at: Affine } {
  const index: Index = { name, size };
  return { index, at: plain(index) };
}
