import type { Code } from '../code/code.ts';
import { visitCode } from '../code/visit.ts';
import { meetsNowhere } from '../equations/defines.ts';
import type { Equation } from '../equations/equation.ts';
import type { Tensor } from '../equations/tensor.ts';
import { present } from '../lists.ts';
import type { Draft, FunctionDraft, Scheduled } from '../schedule/loops/draft.ts';
import type { LoopFunction, Nest } from '../schedule/loops/loopPlan.ts';
import type { Machine } from '../schedule/loops/machine.ts';
import { planScaling, planStep } from '../schedule/loops/stepPlan.ts';
import { storedTensors } from '../schedule/loops/stored.ts';
import { lowerNest } from '../schedule/lower/nest.ts';
import { uniqueNames } from '../schedule/names.ts';
import type { Pass } from './pass.ts';

type Drafted = Draft<FunctionDraft<Scheduled>>;

/** Writes equations as loops, loads, locals and stores, and those of the optimiser's step with them. */
export function lower(machine: Machine): Pass<'scheduled', 'loops'> {
  return {
    name: 'lower',
    does: 'equations and their schedule become loops, loads, locals and stores',
    gives: 'loops',
    rewrite: 'z[o] = b[o] + Σ_i W[i,o]·x[i]   →   for o: z_0 = b[o]; for i: z_0 += W[i·n + o]·x[i]; z[o] = z_0',
    run(draft) {
      const { unit } = machine;
      const parts = draft.parts.map((part) => ({
        ...part,
        nests: part.nests.map((nest) => lowered(nest, draft, unit)),
      }));
      const some = (...passes: readonly string[]) => withNames(parts.filter(({ pass }) => passes.includes(pass)));
      const [copy] = some('input');
      const functions = some('forward', 'loss', 'backward');
      const [prepareForward, prepare, finish] = [some('prepareForward'), some('prepare', 'clear'), some('finish')];
      const { forward, backward, step, wanted } = draft.program;
      const trains = wanted !== undefined;
      const used = arraysIn([...prepareForward, ...functions, ...prepare, ...finish]);
      return {
        program: draft.program,
        functions,
        prepareForward,
        prepare,
        finish,
        layouts: draft.layouts,
        stored: storedTensors([...forward, ...backward]).filter((tensor) => used.has(tensor)),
        input: draft.input,
        copy: copy as LoopFunction,
        step: trains ? planStep(step, machine) : [],
        scale: trains ? planScaling(step, machine) : [],
      };
    },
  };
}

function lowered({ equations, cleared, schedules }: Scheduled, { modes, layouts }: Drafted, unit: number): Nest {
  const isSum = (one: Equation): boolean => modes.modeOf(one) === 'accumulate' && !meetsNowhere(one);
  return {
    equations,
    isSum: equations.map(isSum),
    schedules,
    code: [
      ...cleared.map((array): Code => ({ kind: 'clear', array })),
      ...schedules.flatMap((part) => lowerNest(part.members, part.schedule, layouts, unit)),
    ],
  };
}

/** What is computed and used in locals alone needs no array. */
function arraysIn(functions: readonly LoopFunction[]): ReadonlySet<Tensor> {
  const used = new Set<Tensor>();
  for (const { nests } of functions) {
    for (const { code } of nests) visitCode(code, { array: (array) => used.add(array) });
  }
  return used;
}

function withNames(drafts: readonly Omit<LoopFunction, 'name'>[]): LoopFunction[] {
  const names = uniqueNames(drafts);
  return drafts.map((draft, position) => ({ ...draft, name: present(names[position]) }));
}
