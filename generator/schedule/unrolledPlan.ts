import type { Program } from '../equations/equation.ts';
import { namesBesideProgram } from '../equations/names.ts';
import { rootsOf } from '../equations/needed.ts';
import { sizeOf, type Tensor } from '../equations/tensor.ts';
import { macsOf } from './cost.ts';
import { estimateTerms } from './estimate.ts';
import { uniqueNames } from './names.ts';
import { type CalledPass, calledPasses, type FunctionPlan, planFunctions } from './plan.ts';
import { type Element, forEachDynamic, forEachRead, type Statement } from './scalar.ts';
import { termsIn } from './terms.ts';
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
  readonly terms: number;
  /** How many there may be. */
  readonly limit: number;
}

/**
 * @param limit terms up to which a network of this kind is written out
 */
export function planUnrolled(program: Program, limit: number): UnrolledPlan {
  const { isRoot, blocksOf } = writeOut(program);
  const functions = planFunctions(
    calledPasses.map((pass) => [pass, blocksOf(pass)]),
    isRoot,
  );
  const statementsOf = (pass: CalledPass): readonly Statement[] =>
    blocksOf(pass).flatMap(({ statements }) => statements);
  const statements = calledPasses.flatMap(statementsOf);
  return {
    functions,
    names: uniqueNames(functions),
    statements,
    statementsOf,
    stored: storedTensors(functions),
    macs: macsOf(program),
    terms: termsIn(statements),
    limit,
  };
}

/** How many terms a program has when it is written out: counted in its statements where these are not many times `most`. */
export function countTerms(program: Program, most: number): number {
  const estimate = estimateTerms(program);
  if (estimate > timesWrittenOut * most) return estimate;
  const { blocksOf } = writeOut(program);
  return termsIn(calledPasses.flatMap((pass) => blocksOf(pass).flatMap(({ statements }) => statements)));
}

/** Nothing is written out only to be counted that is more than this many times too large by its estimate. */
const timesWrittenOut = 3;

/** What a program's statements are, as far as its outputs and gradients need them. */
function writeOut(program: Program) {
  const given = program.outputGradient ? [program.outputGradient] : [];
  const unroller = new Unroller(given, namesBesideProgram(program));
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
  return { isRoot, blocksOf };
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
