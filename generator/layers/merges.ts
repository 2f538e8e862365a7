import { z } from 'zod';
import { type Affine, constant } from '../equations/affine.ts';
import { type Expression, type Read, read } from '../equations/expression.ts';
import type { Tensor } from '../equations/tensor.ts';
import type { Shape } from '../shape.ts';
import { defineLayer, type LayerDefinition, Misfit } from './layer.ts';

const options = z.strictObject({});

/**
 * The shape of inputs joined place by place: their own where all have it; else an axis of 1 is repeated, and a shape
 * with fewer axes stands for the last ones (a vector of channels beside an image), as in NumPy.
 */
export function sharedShape(inputs: readonly Shape[]): Shape | Misfit {
  const longest = inputs.reduce((a, b) => (b.length > a.length ? b : a), []);
  const joined = longest.map((_, axis) => Math.max(...inputs.map((shape) => sizeAt(shape, axis, longest.length))));
  const other = inputs.find((shape) => {
    return shape.some((size, axis) => size !== 1 && size !== joined[axis + joined.length - shape.length]);
  });
  if (other === undefined) return joined;
  const another = inputs.find((shape) => shape.join() !== other.join()) ?? [];
  const [first, second] = inputs.indexOf(other) < inputs.indexOf(another) ? [other, another] : [another, other];
  return new Misfit(
    'inputs',
    `found shapes [${first.join(', ')}] and [${second.join(', ')}]`,
    'expected one shape for all (an axis of 1 and a vector of channels are repeated)',
  );
}

function sizeAt(shape: Shape, axis: number, rank: number): number {
  return shape[axis - rank + shape.length] ?? 1;
}

/** The same for a difference or quotient, which has two sides. */
export function shapeOfTwo(inputs: readonly Shape[]): Shape | Misfit {
  if (inputs.length === 2) return sharedShape(inputs);
  return new Misfit('inputs', `found ${inputs.length} inputs`, 'expected two');
}

/** An input at a place of the output, repeated along the axes where it has one place only. */
function repeated(input: Tensor, at: readonly Affine[]): Read {
  const own = at.slice(at.length - input.shape.length);
  return read(
    input,
    own.map((coordinate, axis) => (input.shape[axis] === 1 ? constant(0) : coordinate)),
  );
}

/** A layer that joins its inputs place by place, in one equation. */
export function mergeAtOnce(join: (...values: readonly Expression[]) => Expression): LayerDefinition<typeof options> {
  return defineLayer({
    options,
    arity: 'many',
    shape: sharedShape,
    forward(layer) {
      const at = layer.indices(layer.shape);
      return layer.define('y', layer.shape, at, join(...layer.inputs.map((input) => repeated(input, at))));
    },
  });
}

/** A layer that joins its inputs in their order, with an equation for each after the first. */
export function mergeInOrder(
  join: (known: Expression, next: Expression) => Expression,
  shape: (inputs: readonly Shape[]) => Shape | Misfit = sharedShape,
): LayerDefinition<typeof options> {
  return defineLayer({
    options,
    arity: 'many',
    shape,
    forward: (layer) =>
      layer.inputs.reduce((known, next) => {
        const at = layer.indices(layer.shape);
        return layer.define('y', layer.shape, at, join(repeated(known, at), repeated(next, at)));
      }),
  });
}
