import { winnersIn } from './affine.ts';
import type { Equation, Program } from './equation.ts';
import { storageOf, type Tensor } from './tensor.ts';
import { forEachRead } from './visit.ts';

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

/** What a caller gets to see: output, loss, gradients; and what a batch takes the statistics of. */
export function rootsOf(program: Program): Set<Tensor> {
  const { output, loss, inputGradient, gradients, statistics } = program;
  const roots = [output, loss, inputGradient, ...gradients.values(), ...statistics.map(({ x }) => x)];
  return new Set(roots.filter((tensor) => tensor !== undefined).map(storageOf));
}
