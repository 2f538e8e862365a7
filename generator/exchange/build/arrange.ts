import { refuse, showShape } from '../refuse.ts';
import { elementCount } from '../weights/tensors.ts';
import { type Activation, axesOf, inverseOf, orderOf, plainOrder, sameOrder } from './activation.ts';
import type { BuiltLayer, SpecBuilder } from './specBuilder.ts';

/** What a layer computes, seen by the other format with these dims and in this order. */
export function activationOf(
  { name, shape }: Pick<BuiltLayer, 'name' | 'shape'>,
  dims: readonly number[],
  order: Int32Array,
): Activation {
  return { kind: 'activation', layer: name, shape, dims, order, isShared: false };
}

/**
 * The value with the other format's `axes` (numbered with the batch as 0) in this order, in a shape of the spec that
 * has them one after the other: as it lies where it lies so, by way of a reshape, or with its axes permuted.
 */
export function arrange(
  builder: SpecBuilder,
  value: Activation,
  axes: readonly number[],
  shape: readonly number[] = axes.map((axis) => value.dims[axis]!),
): Activation {
  const order = orderOf(value.dims, axes);
  const layer = sameOrder(order, value.order) ? value.layer : permuted(builder, value, order);
  return { ...value, layer: reshaped(builder, layer, shape), shape, order };
}

/** The layer with the same numbers in another shape. */
export function reshaped(builder: SpecBuilder, layer: string, shape: readonly number[]): string {
  if (builder.shapeOf(layer).join() === shape.join()) return layer;
  if (shape.length === 1) return builder.add('flatten', [layer]).name;
  return builder.add('reshape', [layer], { shape }).name;
}

/** The value as a vector, in the order in which it lies. */
export function flattened(builder: SpecBuilder, value: Activation): Activation {
  const shape = [elementCount(value.shape)];
  return { ...value, layer: reshaped(builder, value.layer, shape), shape };
}

function permuted(builder: SpecBuilder, value: Activation, order: Int32Array): string {
  const inverse = inverseOf(value.order);
  const axes = axesOf(order.map((place) => inverse[place]!));
  if (axes === undefined) {
    // A reshape between two permutations: by way of the order in which the other format has the numbers.
    const plain = plainOrder(value.dims);
    if (!sameOrder(plain, order) && !sameOrder(plain, value.order)) {
      return permuted(builder, { ...value, layer: permuted(builder, value, plain), order: plain }, order);
    }
    return refuse('', `numbers of ${showShape(value.dims)} in an order of their own`, 'an order that permutes axes');
  }
  const { sizes, strides } = axes;
  // The source's axes are these, from the largest stride to the smallest.
  const rank = [...strides].sort((a, b) => b - a);
  const from = rank.map((stride) => sizes[strides.indexOf(stride)]!);
  const target = strides.map((stride) => rank.indexOf(stride));
  if (target.length > 3) return movedToFront(builder, value.layer, from, target);
  const pad = 3 - sizes.length;
  const ones = Array.from({ length: pad }, () => 1);
  const dims = [...ones.keys(), ...target.map((axis) => axis + pad)].map((axis) => axis + 1);
  return builder.add('permute', [reshaped(builder, value.layer, [...ones, ...from])], { dims }).name;
}

/**
 * A permutation of more axes than a layer has: one axis after the other moves to the front, [a, k, b] → [k, a, b]. The
 * last ones of the target that stand in the order of the source stay.
 */
function movedToFront(
  builder: SpecBuilder,
  layer: string,
  sizes: readonly number[],
  target: readonly number[],
): string {
  const staying = target.findLastIndex((axis, n) => n > 0 && target[n - 1]! > axis);
  let moved = layer;
  let current = sizes.map((_, axis) => axis);
  for (const axis of target.slice(0, Math.max(0, staying)).reverse()) {
    const at = current.indexOf(axis);
    const count = (part: readonly number[]) => elementCount(part.map((one) => sizes[one]!));
    const shape = [count(current.slice(0, at)), sizes[axis]!, count(current.slice(at + 1))];
    if (at > 0) moved = builder.add('permute', [reshaped(builder, moved, shape)], { dims: [2, 1, 3] }).name;
    current = [axis, ...current.filter((one) => one !== axis)];
  }
  return moved;
}
