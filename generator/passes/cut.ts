import { visitCode } from '../code/visit.ts';
import { rootsOf } from '../equations/needed.ts';
import { sizeOf, type Tensor } from '../equations/tensor.ts';
import { calledPasses } from '../schedule/calledPass.ts';
import { termsIn } from '../schedule/terms.ts';
import { planFunctions } from '../schedule/unrolled/functions.ts';
import { blocksOf, codeOf, type UnrolledFunction } from '../schedule/unrolled/plan.ts';
import type { Pass } from './pass.ts';

/** V8 never optimises a function that is too large. */
export const cut: Pass<'statements', 'functions'> = {
  name: 'cut',
  does: 'statements are distributed over functions that V8 optimises, which meet in arrays',
  gives: 'functions',
  rewrite: 'z_0 = …; …; z_9999 = …   →   forward_conv2d1_1: z_0 … z_4999; forward_conv2d1_2: z_5000 …',
  run(written) {
    const { program } = written;
    const roots = rootsOf(program);
    const added = new Set(program.gradients.values());
    const passes = calledPasses.map((pass) => [pass, blocksOf(written, pass)] as const);
    const functions = planFunctions(passes, {
      isRoot: (tensor) => roots.has(tensor),
      isAdded: (tensor) => added.has(tensor),
    });
    const terms = termsIn(passes.flatMap(([, blocks]) => blocks.flatMap(({ definitions }) => definitions)));
    return { program, functions, stored: storedTensors(functions), terms, step: [] };
  },
};

function storedTensors(functions: readonly UnrolledFunction[]): readonly Tensor[] {
  const stored = new Set<Tensor>();
  for (const one of functions) visitCode(codeOf(one), { array: (array) => stored.add(array) });
  return [...stored].filter((tensor) => sizeOf(tensor) > 0);
}
