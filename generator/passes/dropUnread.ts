import type { Equation } from '../equations/equation.ts';
import { keepRead, rootsOf } from '../equations/needed.ts';
import type { Pass } from './pass.ts';

/** Such as log Σ exp(z − m) where no loss asks for it. */
export const dropUnread: Pass<'program'> = {
  name: 'dropUnread',
  does: 'what nobody reads is left out',
  gives: 'program',
  rewrite: 'l = …; a = e/S   →   a = e/S',
  run(program) {
    const read = new Set(keepRead([...program.forward, ...program.backward], rootsOf(program)));
    const kept = (equations: readonly Equation[]): readonly Equation[] => equations.filter((one) => read.has(one));
    return { ...program, forward: kept(program.forward), backward: kept(program.backward) };
  },
};
