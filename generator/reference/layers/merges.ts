import type { Shape } from '../../spec/network.ts';
import { elementCount, type Tensor, zeros } from '../tensor.ts';
import { type LayerRule, noParameters, type OptionsOf } from './rule.ts';

/** y = Σ, Π, difference and so on of the inputs, element by element. */
export const add = merge((a, b) => a + b);
export const multiply = merge((a, b) => a * b);
export const subtract = merge((a, b) => a - b);
export const divide = merge((a, b) => a / b);
export const squaredDifference = merge((a, b) => (a - b) ** 2);

/** Of equal numbers the first is kept, which is what its gradient says. */
export const maximum = merge((a, b) => (b > a ? b : a));
export const minimum = merge((a, b) => (b < a ? b : a));

export const average = merge(
  (a, b) => a + b,
  (sum, count) => sum / count,
);

/** Σ a[n]·b[n] */
export const dot: LayerRule<OptionsOf<'dot'>> = {
  shape: () => [1],
  parameters: noParameters,
  forward(_, [a, b]) {
    let sum = 0;
    for (let n = 0; n < a!.values.length; n++) sum += a!.values[n]! * b!.values[n]!;
    return { shape: [1], values: Float64Array.of(sum) };
  },
};

function merge(
  join: (a: number, b: number) => number,
  finish = (value: number, _count: number): number => value,
): LayerRule<object> {
  return {
    shape: (_, inputs) => broadcastShape(inputs),
    parameters: noParameters,
    forward(_, inputs) {
      const y = zeros(broadcastShape(inputs.map(shapeOf)));
      for (let n = 0; n < y.values.length; n++) {
        let value = repeatedAt(inputs[0]!, y.shape, n);
        for (let k = 1; k < inputs.length; k++) value = join(value, repeatedAt(inputs[k]!, y.shape, n));
        y.values[n] = finish(value, inputs.length);
      }
      return y;
    },
  };
}

/** NumPy's rule: axes are matched from the last, one of size 1 or that is missing is repeated. */
function broadcastShape(shapes: readonly Shape[]): Shape {
  let joined: readonly number[] = [];
  for (const shape of shapes) {
    const rank = Math.max(joined.length, shape.length);
    joined = Array.from({ length: rank }, (_, axis) => {
      const [a, b] = [joined, shape].map((one) => one[axis - rank + one.length] ?? 1) as [number, number];
      if (a !== b && a !== 1 && b !== 1) throw new RangeError(`found shapes [${joined}] and [${shape}]`);
      return Math.max(a, b);
    });
  }
  return joined;
}

/** The number of an input that stands at position n of a shape to which it is repeated. */
function repeatedAt({ shape, values }: Tensor, full: Shape, n: number): number {
  let [rest, offset, stride] = [n, 0, 1];
  for (let axis = 1; axis <= full.length; axis++) {
    const [size, own] = [full[full.length - axis]!, shape[shape.length - axis] ?? 1];
    if (own > 1) offset += (rest % size) * stride;
    stride *= own;
    rest = Math.floor(rest / size);
  }
  return values[offset]!;
}

/** The inputs one after the other along an axis, which counts from 1 or from the end. */
export const concatenate: LayerRule<OptionsOf<'concatenate'>> = {
  shape({ axis }, inputs) {
    const along = positionOf(axis, inputs[0]!);
    let total = 0;
    for (const input of inputs) {
      total += input[along]!;
      const same = input.every((size, k) => k === along || size === inputs[0]![k]);
      if (!same) throw new RangeError(`concatenate: expected inputs of one shape, found [${input}]`);
    }
    return inputs[0]!.map((size, k) => (k === along ? total : size));
  },
  parameters: noParameters,
  forward(options, inputs) {
    const y = zeros(concatenate.shape(options, inputs.map(shapeOf)));
    const along = positionOf(options.axis, y.shape);
    let to = 0;
    for (let block = 0; block < elementCount(y.shape.slice(0, along)); block++) {
      for (const { shape, values } of inputs) {
        const length = elementCount(shape.slice(along));
        for (let n = 0; n < length; n++) y.values[to++] = values[block * length + n]!;
      }
    }
    return y;
  },
};

const positionOf = (axis: number, shape: Shape): number => (axis < 0 ? shape.length + axis : axis - 1);
const shapeOf = ({ shape }: Tensor): Shape => shape;
