import { elementsOf } from '../shape.ts';
import type { NamedInput, Network, Shape } from './network.ts';

/** What layers may read before any has computed, with its shape: the inputs by their names, or `input`. */
export function inputShapesOf({ input, inputs }: Network): readonly (readonly [string, Shape])[] {
  return inputs?.map(({ name, shape }) => [name, shape] as const) ?? [['input', input]];
}

/** Inputs one after the other in a flat one, and the shape of that; a single one is the whole. */
export function placeInputs(shapes: ReadonlyMap<string, Shape>): {
  readonly input: Shape;
  readonly inputs: readonly NamedInput[];
} {
  let next = 0;
  const inputs = [...shapes].map(([name, shape]) => {
    const offset = next;
    next += elementsOf(shape);
    return { name, shape, offset };
  });
  const [only, ...others] = inputs;
  return { input: only !== undefined && others.length === 0 ? only.shape : [next], inputs };
}
