import { bounds, constant, type Index, plain, plainIndex, substituteAffine, winnersIn } from './affine.ts';
import type { Equation, Program } from './equation.ts';
import { forEachRead } from './expression.ts';
import { substitute } from './substitute.ts';
import { isDifferentiable, storageOf, type Tensor } from './tensor.ts';

/** Leaves out equations whose target nobody reads, in order from the last to the first. */
export function keepRead(equations: readonly Equation[], roots: ReadonlySet<Tensor>): Equation[] {
  const needed = new Set(roots);
  const kept: Equation[] = [];
  for (const one of [...equations].reverse()) {
    if (!needed.has(storageOf(one.target))) continue;
    kept.push(one);
    const needWinners = (at: Equation['at']): void => {
      for (const [{ winner }] of at.flatMap(winnersIn)) if (winner) needed.add(winner.read.tensor);
    };
    needWinners(one.at);
    forEachRead(one.value, false, ({ tensor, at }) => {
      needed.add(storageOf(tensor));
      needWinners(at);
    });
  }
  return kept.reverse();
}

/** Computes only what is read: an index of a target stops where the last reader does. */
export function trim(equations: readonly Equation[], roots: ReadonlySet<Tensor>): Equation[] {
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
    if (fixed.has(one.target) || last === undefined || !isDifferentiable(one.target)) return one;
    const by = new Map<Index, Index>();
    for (const [axis, coordinate] of one.at.entries()) {
      const index = plainIndex(coordinate);
      if (index !== undefined && (last[axis] as number) < index.size) {
        by.set(index, { ...index, size: last[axis] as number });
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
  });
}

/** What a caller gets to see: output, loss, gradients. */
export function rootsOf(program: Program): Set<Tensor> {
  const { output, loss, inputGradient, gradients } = program;
  const roots = [output, loss, inputGradient, ...gradients.values()];
  return new Set(roots.filter((tensor) => tensor !== undefined).map(storageOf));
}
