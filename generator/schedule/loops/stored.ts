import { winnersIn } from '../../equations/affine.ts';
import type { Equation } from '../../equations/equation.ts';
import { storageOf, type Tensor } from '../../equations/tensor.ts';
import { forEachRead } from '../../equations/visit.ts';

/** Who reads a tensor. */
export function readersOf(equations: readonly Equation[]): ReadonlyMap<Tensor, readonly Equation[]> {
  const readers = new Map<Tensor, Equation[]>();
  for (const one of equations) {
    for (const tensor of storedTensors([one]).filter((tensor) => tensor !== storageOf(one.target))) {
      readers.set(tensor, [...(readers.get(tensor) ?? []), one]);
    }
  }
  return readers;
}

/** Every tensor that is read or written, in the order of the equations. */
export function storedTensors(equations: readonly Equation[]): Tensor[] {
  const stored = new Set<Tensor>();
  const noteWinners = (at: Equation['at']): void => {
    for (const [{ winner }] of at.flatMap(winnersIn)) if (winner) stored.add(winner.read.tensor);
  };
  for (const { target, at, value } of equations) {
    forEachRead(value, false, (r) => {
      stored.add(storageOf(r.tensor));
      noteWinners(r.at);
    });
    noteWinners(at);
    stored.add(storageOf(target));
  }
  return [...stored];
}
