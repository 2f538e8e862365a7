import { elementsOf, type Shape } from '../shape.ts';

/**
 * What a tensor is for. Only inputs, parameters and values carry a gradient; targets, winners and shifts are held
 * fixed by the derivation.
 */
export type Role =
  | 'input'
  | 'parameter'
  | 'value'
  | 'target'
  | 'winner'
  | 'shift'
  /** A parameter that does not learn, and what is computed from such parameters alone. */
  | 'statistic'
  | 'scale'
  /** What a sample is multiplied by while a batch trains: given, and held fixed. */
  | 'mask'
  /** A mean over a batch that trains, of what its samples give: likewise. */
  | 'mean'
  | 'loss'
  /** A number that a function is called with, and what is kept from step to step. */
  | 'argument'
  | 'state'
  /** All parameters, or all their gradients, one after the other. */
  | 'flat'
  | 'gradient'
  /** A copy with a border of zeros, and the place in it that a winner stands for. */
  | 'bordered'
  | 'address';

/** A named array of numbers, row-major, channels last. */
export interface Tensor {
  /** Letter of the field plus number: `W1`, `dz2`. */
  readonly name: string;
  readonly shape: Shape;
  readonly role: Role;
  /** The tensor whose numbers this one shows in another shape. */
  readonly viewOf?: Tensor;
  /** Zeros before and after along each axis, which `shape` includes. */
  readonly border?: readonly (readonly [number, number])[];
}

export function isDifferentiable({ role }: Tensor): boolean {
  return role === 'input' || role === 'parameter' || role === 'value';
}

/** The same numbers in another shape: no equation, no copy. In the shape that they have they are the tensor itself. */
export function view(of: Tensor, shape: Shape): Tensor {
  const storage = storageOf(of);
  return storage.shape.join() === shape.join() ? storage : { name: of.name, shape, role: of.role, viewOf: storage };
}

/** The tensor that holds the numbers. */
export function storageOf(tensor: Tensor): Tensor {
  return tensor.viewOf ?? tensor;
}

export function sizeOf({ shape }: Tensor): number {
  return elementsOf(shape);
}

/** Row-major position of an element; undefined if it lies outside. */
export function offsetOf(shape: Shape, at: readonly number[]): number | undefined {
  let offset = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis] as number;
    const coordinate = at[axis] as number;
    if (coordinate < 0 || coordinate >= size) return undefined;
    offset = offset * size + coordinate;
  }
  return offset;
}

/** The coordinates of the element at a row-major position. */
export function coordinatesOf(shape: Shape, offset: number): number[] {
  const at: number[] = [];
  let rest = offset;
  for (const size of [...shape].reverse()) {
    at.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return at;
}
