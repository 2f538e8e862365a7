import { bounds, type Index } from '../../equations/affine.ts';
import type { Equation } from '../../equations/equation.ts';
import type { Read } from '../../equations/expression.ts';
import { storageOf, type Tensor } from '../../equations/tensor.ts';
import { forEachRead } from '../../equations/visit.ts';

/** How a tensor lies in its array: row-major with, where it pays, a border that is never part of the tensor. */
export interface Layout {
  /** Elements between neighbours along each axis. */
  readonly strides: readonly number[];
  /** Where the element [0, 0, …] stands. */
  readonly offset: number;
  /** Length of the array. */
  readonly length: number;
  /** What the border holds: zeros to be read, or whatever was dropped there. */
  readonly border: 'none' | 'zeros' | 'dropped';
}

export type Layouts = ReadonlyMap<Tensor, Layout>;

type Sides = (readonly [number, number])[];

/**
 * Decides where tensors get a border, so that the loops over them need no bounds: zeros around what a sum reads outside
 * (a product with zero adds nothing), room to drop around what is scattered outside.
 *
 * @param fixed tensors that a caller sees, and so have no border
 */
export function chooseLayouts(equations: readonly Equation[], fixed: ReadonlySet<Tensor>): Layouts {
  const tensors = new Set<Tensor>();
  const viewed = new Set<Tensor>(fixed);
  const zeros = new Map<Tensor, Sides>();
  const dropped = new Map<Tensor, Sides>();
  const note = ({ tensor }: Pick<Read, 'tensor'>): void => {
    tensors.add(storageOf(tensor));
    if (tensor.viewOf !== undefined) viewed.add(storageOf(tensor));
  };
  for (const { target, at, value } of equations) {
    note({ tensor: target });
    widen(dropped, { kind: 'read', tensor: target, at });
    // A target starts at zero, so that a product of zero says what an absent one says.
    forEachRead(value, true, (r, isAbsorbed) => {
      note(r);
      if (isAbsorbed) widen(zeros, r);
    });
  }
  return new Map(
    [...tensors].map((tensor) => {
      const isFree = !viewed.has(tensor);
      const absorbing = isFree ? openSides(zeros.get(tensor)) : undefined;
      const dropping = isFree && absorbing === undefined ? openSides(dropped.get(tensor)) : undefined;
      const border = absorbing ? 'zeros' : dropping ? 'dropped' : 'none';
      return [tensor, layoutOf(tensor, absorbing ?? dropping ?? [], border)];
    }),
  );
}

/** Whether a coordinate that leaves its axis does no harm in this layout. */
export function absorbs({ border }: Layout, context: 'factor' | 'target'): boolean {
  return context === 'factor' ? border === 'zeros' : border === 'dropped';
}

export function plainLayout(tensor: Tensor): Layout {
  return layoutOf(tensor, [], 'none');
}

/** The layout of a tensor; a view lies as if it were an array of its own. */
export function layoutIn(layouts: Layouts, tensor: Tensor): Layout {
  return (tensor === storageOf(tensor) ? layouts.get(tensor) : undefined) ?? plainLayout(tensor);
}

/** Elements that one more of an index moves a read in memory. */
export function strideOf({ tensor, at }: Pick<Read, 'tensor' | 'at'>, one: Index, layouts: Layouts): number {
  const { strides } = layoutIn(layouts, tensor);
  return at.reduce((sum, { terms }, axis) => sum + (terms.get(one) ?? 0) * (strides[axis] as number), 0);
}

function layoutOf(tensor: Tensor, sides: Sides, border: Layout['border']): Layout {
  const strides: number[] = [];
  let length = 1;
  let offset = 0;
  for (let axis = tensor.shape.length - 1; axis >= 0; axis--) {
    const [before, after] = sides[axis] ?? [0, 0];
    strides.unshift(length);
    offset += before * length;
    length *= before + (tensor.shape[axis] as number) + after;
  }
  return { strides, offset, length, border };
}

function widen(map: Map<Tensor, Sides>, { tensor, at }: Read): void {
  const storage = storageOf(tensor);
  if (tensor !== storage) return;
  const known = map.get(storage) ?? storage.shape.map(() => [0, 0] as const);
  map.set(
    storage,
    known.map(([before, after], axis) => {
      const coordinate = at[axis];
      if (coordinate === undefined) return [before, after];
      const { min, max } = bounds(coordinate);
      return [Math.max(before, -min), Math.max(after, max - (storage.shape[axis] as number) + 1)];
    }),
  );
}

function openSides(sides: Sides | undefined): Sides | undefined {
  return sides?.some(([before, after]) => before > 0 || after > 0) ? sides : undefined;
}
