import { bounds, constant, type Index, plain, plainIndex, substituteAffine } from '../equations/affine.ts';
import { type Equation, withEquations } from '../equations/equation.ts';
import { rootsOf } from '../equations/needed.ts';
import { substitute } from '../equations/substitute.ts';
import { isDifferentiable, storageOf, type Tensor } from '../equations/tensor.ts';
import { forEachRead } from '../equations/visit.ts';
import { present } from '../lists.ts';
import type { Pass } from './pass.ts';

/** Computes only what is read. */
export const trim: Pass<'program'> = {
  name: 'trim',
  does: 'an index of a target stops where the last reader does',
  gives: 'program',
  rewrite: 'z[h], h < 5; y[i] = max_p z[2i+p], i < 2   →   z[h], h < 4',
  run: (program) => withEquations(program, trimmed([...program.forward, ...program.backward], rootsOf(program))),
};

function trimmed(equations: readonly Equation[], roots: ReadonlySet<Tensor>): readonly Equation[] {
  const reach = new Map<Tensor, number[]>();
  const fixed = new Set(roots);
  for (const { value } of equations) {
    forEachRead(value, false, ({ tensor, at }) => {
      if (tensor.viewOf !== undefined) fixed.add(storageOf(tensor));
      const known = reach.get(tensor) ?? tensor.shape.map(() => 0);
      reach.set(
        tensor,
        known.map((last, axis) => Math.max(last, bounds(at[axis] ?? constant(0)).max + 1)),
      );
    });
  }
  return equations.map((one) => {
    const last = reach.get(one.target);
    return fixed.has(one.target) || last === undefined || !isDifferentiable(one.target) ? one : stopAt(one, last);
  });
}

/** @param last the number of places that are read along each axis */
function stopAt(one: Equation, last: readonly number[]): Equation {
  const by = new Map<Index, Index>();
  for (const [axis, coordinate] of one.at.entries()) {
    const index = plainIndex(coordinate);
    const size = present(last[axis]);
    if (index !== undefined && size < index.size) {
      by.set(index, { ...index, size });
    }
  }
  if (by.size === 0) return one;
  const affine = new Map([...by].map(([from, to]) => [from, plain(to)]));
  return {
    ...one,
    at: one.at.map((coordinate) => substituteAffine(coordinate, affine)),
    over: one.over.map((index) => by.get(index) ?? index),
    value: substitute(one.value, affine),
  };
}
