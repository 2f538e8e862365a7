import type { Machine } from '../schedule/loops/machine.ts';
import { planStep } from '../schedule/loops/stepPlan.ts';
import { foldedSums } from './foldSums.ts';
import { inlinedOnce } from './inlineOnce.ts';
import type { Pass } from './pass.ts';

/** Where all else is written out, the optimiser alone has a loop: parameters are many, and alike. */
export function lowerStep(machine: Machine): Pass<'functions'> {
  return {
    name: 'lowerStep',
    does: "the optimiser's step becomes loops, as it does where all else is loops",
    gives: 'functions',
    rewrite: 'parameters[n] = parameters[n] − rate·gradients[n]   →   for n: parameters[n] -= rate·gradients[n]',
    run(plan) {
      const { step, wanted } = plan.program;
      return wanted === undefined ? plan : { ...plan, step: inlinedOnce(foldedSums(planStep(step, machine))) };
    },
  };
}
