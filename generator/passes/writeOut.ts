import { type CalledPass, calledPasses } from '../schedule/calledPass.ts';
import { Unroller } from '../schedule/unrolled/unroll.ts';
import type { Pass } from './pass.ts';

/** A term that reads outside its tensor does not exist, nor does one that is multiplied by what nothing adds to. */
export const writeOut: Pass<'program', 'statements'> = {
  name: 'writeOut',
  does: 'an equation becomes a statement for each element',
  gives: 'statements',
  rewrite: 'z[i] = b + Σ_p W[p]·x[i+p−1]   →   z_0 = b + W_1·x_0 + W_2·x_1; z_1 = b + W_0·x_0 + W_1·x_1; …',
  run(program) {
    const given = program.outputGradient ? [program.outputGradient] : [];
    const unroller = new Unroller(given, program.names.copy());
    const equations = [...program.forward, ...program.backward];
    const write = (pass: CalledPass) =>
      unroller.unroll(equations.filter((one) => one.pass === pass)).map((block) => ({ pass, block }));
    return { program, blocks: calledPasses.flatMap(write) };
  },
};
