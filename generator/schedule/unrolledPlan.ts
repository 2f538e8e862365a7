import type { Program } from '../equations/equation.ts';
import { rootsOf } from '../equations/needed.ts';
import { sizeOf, type Tensor } from '../equations/tensor.ts';
import { macsOf } from './cost.ts';
import { uniqueNames } from './names.ts';
import { type FunctionPlan, planFunctions } from './plan.ts';
import { type Element, forEachDynamic, forEachRead, type Statement } from './scalar.ts';
import { type Block, keepNeeded, Unroller } from './unroll.ts';

/** A whole program written out and distributed over functions. */
export interface UnrolledPlan {
  readonly functions: readonly FunctionPlan[];
  /** Names of the functions, by position; unique identifiers. */
  readonly names: readonly string[];
  readonly statements: readonly Statement[];
  statementsOf(pass: 'forward' | 'backward'): readonly Statement[];
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
  const forward = unroller.unroll(program.forward);
  const backward = unroller.unroll(program.backward);
  const roots = rootsOf(program);
  const isRoot = ({ tensor }: Element): boolean => roots.has(tensor);
  const kept = keepNeeded([...forward, ...backward], isRoot);
  const keptForward = nonEmpty(kept.slice(0, forward.length));
  const keptBackward = nonEmpty(kept.slice(forward.length));
  const functions = planFunctions(keptForward, keptBackward, isRoot);
  const statementsIn = (blocks: readonly Block[]): Statement[] => blocks.flatMap(({ statements }) => statements);
  return {
    functions,
    names: uniqueNames(functions),
    statements: statementsIn([...keptForward, ...keptBackward]),
    statementsOf: (pass) => statementsIn(pass === 'forward' ? keptForward : keptBackward),
    stored: storedTensors(functions),
    macs: macsOf(program),
    terms,
  };
}

function nonEmpty(blocks: readonly Block[]): Block[] {
  return blocks.filter(({ statements }) => statements.length > 0);
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
