import { rootsOf } from '../equations/needed.ts';
import { sizeOf, type Tensor } from '../equations/tensor.ts';
import { type CalledPass, calledPasses, type FunctionPlan } from '../schedule/functionPlan.ts';
import { uniqueNames } from '../schedule/names.ts';
import { planFunctions } from '../schedule/planFunctions.ts';
import { type Element, forEachDynamic, forEachRead, type Statement } from '../schedule/scalar.ts';
import { termsIn } from '../schedule/terms.ts';
import { blocksOf } from '../schedule/writtenOut.ts';
import type { Pass } from './pass.ts';

/** V8 never optimises a function that is too large. */
export const cut: Pass<'statements', 'functions'> = {
  name: 'cut',
  does: 'statements are distributed over functions that V8 optimises',
  gives: 'functions',
  rewrite: 'z_0 = …; …; z_9999 = …   →   forward_conv2d1_1: z_0 … z_4999; forward_conv2d1_2: z_5000 …',
  run(written) {
    const roots = rootsOf(written.program);
    const functions = planFunctions(
      calledPasses.map((pass) => [pass, blocksOf(written, pass)]),
      ({ tensor }) => roots.has(tensor),
    );
    const statementsOf = (pass: CalledPass): readonly Statement[] =>
      blocksOf(written, pass).flatMap(({ statements }) => statements);
    const statements = calledPasses.flatMap(statementsOf);
    return {
      program: written.program,
      functions,
      names: uniqueNames(functions),
      statements,
      statementsOf,
      stored: storedTensors(functions),
      terms: termsIn(statements),
      step: [],
    };
  },
};

function storedTensors(functions: readonly FunctionPlan[]): Tensor[] {
  const stored = new Set<Tensor>();
  for (const { loads, steps } of functions) {
    const here = new Set<Element>(loads);
    for (const element of loads) stored.add(element.tensor);
    for (const step of steps) {
      if (step.kind === 'explain') continue;
      if (step.kind === 'tournament') {
        for (const { target } of [step.maximum, ...(step.winner ? [step.winner] : [])]) here.add(target);
        continue;
      }
      if (step.kind === 'store') {
        for (const element of step.elements) stored.add(element.tensor);
        continue;
      }
      forEachDynamic(step.statement.value, (tensor) => stored.add(tensor));
      forEachRead(step.statement.value, (element) => {
        if (!here.has(element)) stored.add(element.tensor);
      });
      if (step.kind === 'assign') here.add(step.statement.target);
      else stored.add(step.statement.target.tensor);
    }
  }
  return [...stored].filter((tensor) => sizeOf(tensor) > 0);
}
