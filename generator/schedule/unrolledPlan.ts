import type { Program } from '../equations/equation.ts';
import { rootsOf } from '../equations/needed.ts';
import { sizeOf, type Tensor } from '../equations/tensor.ts';
import { macsOf } from './cost.ts';
import { uniqueNames } from './names.ts';
import { type CalledPass, calledPasses, type FunctionPlan, planFunctions } from './plan.ts';
import { type Element, forEachDynamic, forEachRead, type Statement } from './scalar.ts';
import { type Block, keepNeeded, Unroller } from './unroll.ts';

/** A whole program written out and distributed over functions. */
export interface UnrolledPlan {
  readonly functions: readonly FunctionPlan[];
  /** Names of the functions, by position; unique identifiers. */
  readonly names: readonly string[];
  readonly statements: readonly Statement[];
  statementsOf(pass: CalledPass): readonly Statement[];
  /** Tensors that some function stores to or reads from an array. */
  readonly stored: readonly Tensor[];
  /** Multiply-adds of the forward pass with full windows. */
  readonly macs: number;
  /** Terms written out, as estimated on the equations. */
  readonly terms: number;
}

export function planUnrolled(program: Program, terms: number): UnrolledPlan {
  const given = program.outputGradient ? [program.outputGradient] : [];
  const unroller = new Unroller(given);
  const equations = [...program.forward, ...program.backward];
  const written = calledPasses.flatMap((pass) =>
    unroller.unroll(equations.filter((one) => one.pass === pass)).map((block) => ({ pass, block })),
  );
  const roots = rootsOf(program);
  const isRoot = ({ tensor }: Element): boolean => roots.has(tensor);
  const needed = keepNeeded(
    written.map(({ block }) => block),
    isRoot,
  );
  const blocksOf = (pass: CalledPass): Block[] =>
    needed.filter(({ statements }, position) => statements.length > 0 && written[position]?.pass === pass);
  const functions = planFunctions(
    calledPasses.map((pass) => [pass, blocksOf(pass)]),
    isRoot,
  );
  const statementsIn = (blocks: readonly Block[]): Statement[] => blocks.flatMap(({ statements }) => statements);
  return {
    functions,
    names: uniqueNames(functions),
    statements: statementsIn(calledPasses.flatMap(blocksOf)),
    statementsOf: (pass) => statementsIn(blocksOf(pass)),
    stored: storedTensors(functions),
    macs: macsOf(program),
    terms,
  };
}

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
