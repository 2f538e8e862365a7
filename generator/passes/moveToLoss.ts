import type { Equation } from '../equations/equation.ts';
import { keepRead } from '../equations/needed.ts';
import { storageOf } from '../equations/tensor.ts';
import type { Pass } from './pass.ts';

/** What the loss depends on and the output does not: l = log Σ exp(z − m), as softmax divides by the sum itself. */
export const moveToLoss: Pass<'program'> = {
  name: 'moveToLoss',
  does: 'what the loss needs and the output does not is computed by the loss pass',
  gives: 'program',
  rewrite:
    'forward: r = …, l = log1p(r), a = …; loss: L = … l …   →   forward: a = …; loss: r = …, l = log1p(r), L = … l …',
  run(program) {
    const { forward, backward, output } = program;
    const loss = backward.filter(({ pass }) => pass === 'loss');
    const [last] = loss;
    if (last === undefined) return program;
    const asked = new Set(keepRead(forward, new Set([storageOf(output)])));
    const read = new Set(keepRead([...forward, ...loss], new Set(loss.map(({ target }) => storageOf(target)))));
    const isMoved = (one: Equation): boolean => !asked.has(one) && read.has(one);
    const moved = forward.filter(isMoved).map((one): Equation => ({ ...one, layer: last.layer, pass: 'loss' }));
    return { ...program, forward: forward.filter((one) => !isMoved(one)), backward: [...moved, ...backward] };
  },
};
