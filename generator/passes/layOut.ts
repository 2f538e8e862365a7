import { index } from '../equations/affine.ts';
import { meetsNowhere } from '../equations/defines.ts';
import { type Equation, equation, isPlain, meansOf } from '../equations/equation.ts';
import { read } from '../equations/expression.ts';
import { rootsOf } from '../equations/needed.ts';
import { storageOf, type Tensor } from '../equations/tensor.ts';
import { isAlongWinners } from '../equations/winners.ts';
import { calledPasses } from '../schedule/calledPass.ts';
import { groupBy } from '../schedule/groupBy.ts';
import type { Modes, Part } from '../schedule/loops/draft.ts';
import { chooseLayouts } from '../schedule/loops/layout.ts';
import type { Mode } from '../schedule/loops/member.ts';
import type { Pass } from './pass.ts';

/** Decides where every tensor lies, and which equation gives its target a value and which adds to it. */
export const layOut: Pass<'program', 'parts'> = {
  name: 'layOut',
  does: 'every tensor has its place in memory, with a border of zeros where loops would ask for bounds',
  gives: 'parts',
  rewrite: 'z[i] = Σ_p W[p]·x[i+p−1]   →   the same, x[−1] and x[n] are zeros in memory',
  run(program) {
    const equations = [...program.forward, ...program.backward];
    const gradients = new Set(program.gradients.values());
    const seen = new Set([...rootsOf(program), ...program.parameters.map(({ tensor }) => tensor)]);
    const given = [...program.masks.map(({ tensor }) => tensor), ...meansOf(program)];
    for (const one of [program.target, program.outputGradient, ...given]) if (one) seen.add(one);
    const { shape } = program.input;
    const input: Tensor = { name: 'input', shape, role: 'target' };
    return {
      program,
      input,
      layouts: chooseLayouts(equations, seen),
      modes: modesOf(equations, gradients, program.outputGradient),
      seen,
      sums: new Set(),
      parts: [
        { pass: 'input', equations: [copyOf(input, program.input)] },
        ...calledPasses.map((pass): Part => ({ pass, equations: equations.filter((one) => one.pass === pass) })),
      ],
    };
  },
};

/** The caller's input, copied to where the program reads it. */
function copyOf(input: Tensor, x: Tensor): Equation {
  const letters = x.shape.length === 1 ? ['n'] : ['h', 'w', 'c'];
  const at = x.shape.map((size, axis) => index(letters[axis] as string, size));
  return equation(x, at, read(input, at), { layer: 'input', pass: 'forward' });
}

/**
 * Which equations assign and which add: a target is assigned by an equation that alone covers its places, each once. Sums
 * along winners add to it: where nothing comes back to a window, or it lies elsewhere, they leave a place as it was.
 */
function modesOf(equations: readonly Equation[], added: ReadonlySet<Tensor>, given: Tensor | undefined): Modes {
  const byTarget = groupBy(equations, ({ target }) => storageOf(target));
  const modes = new Map<Equation, Mode>();
  const cleared = new Set<Equation>();
  for (const [target, group] of byTarget) {
    const isAccumulated = added.has(target) || target === given;
    for (const [position, one] of group.entries()) {
      const isAlone = group.length === 1 && meetsNowhere(one);
      const isCovering = (isAlone || isPlain(one)) && !isAlongWinners(one);
      const assigns = !isAccumulated && position === 0 && isCovering;
      modes.set(one, assigns ? 'assign' : 'accumulate');
      if (!assigns && position === 0 && !isAccumulated) cleared.add(one);
    }
  }
  return { modeOf: (one) => modes.get(one) ?? 'assign', isCleared: (one) => cleared.has(one) };
}
